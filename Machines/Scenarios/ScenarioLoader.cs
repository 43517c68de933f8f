using Trapline.Actors.Faults;
using Trapline.Machines.Boards;
using Trapline.Machines.Costs;
using Trapline.Machines.Scenarios.Faults;
using Trapline.Machines.Scenarios.Placements;
using Trapline.Machines.Text;
using Trapline.Machines.Yaml;
using Trapline.Messages;

namespace Trapline.Machines.Scenarios;

/// <summary>
/// From a scenario file to what can be simulated. All errors are found in one pass, those of the cost profile too;
/// whatever the file holds, the answer is a result and never an exception.
/// </summary>
public static class ScenarioLoader
{
    private const string What = "scenario";
    private const string CostsFolder = "costs";

    /// <param name="path">The file; its folder is where the guest and the costs are looked for.</param>
    /// <param name="overrides">What the command line says differently.</param>
    public static ScenarioLoadResult Load(string path, ScenarioOverrides? overrides = null)
    {
        var errors = new ErrorList(path);
        var text = TextFile.Read(path, What, errors);
        return text is null ? new(null, errors.InOrder()) : Read(text, path, overrides, errors);
    }

    /// <summary>As <see cref="Load"/>, from a text that would stand at <paramref name="path"/>.</summary>
    public static ScenarioLoadResult Parse(string text, string path, ScenarioOverrides? overrides = null) => Read(text, path, overrides, new(path));

    private static ScenarioLoadResult Read(string text, string path, ScenarioOverrides? overrides, ErrorList errors)
    {
        var root = MappingReader.Open(YamlTree.Parse(text, What, errors), "", typeof(ScenarioFile), errors);
        if (root is null)
        {
            return new(null, errors.InOrder());
        }

        overrides ??= ScenarioOverrides.None;
        var reader = new ScenarioFileReader(root);
        var file = reader.Read();
        var faults = Faults(file, root, overrides);
        var folder = Path.GetDirectoryName(path) ?? "";
        var guestPath = FindGuest(root, folder);
        var costsPath = FindCosts(root, folder);
        var costs = costsPath is null ? null : CostProfileLoader.Load(costsPath);
        IReadOnlyList<FileError> all = [.. errors.InOrder(), .. costs?.Errors ?? []];
        if (all.Count > 0 || file is null || guestPath is null || costs?.Profile is null)
        {
            return new(null, all);
        }

        if (costs.Profile.Architecture != BoardKind.Of(file.Machine.Board).Architecture)
        {
            errors.Add(root.Node.Find("costs")!.Value.Position, $"the cost profile {costs.Profile.Name} is of {costs.Profile.Architecture.Name}, but machine.board is {BoardKind.Of(file.Machine.Board).Name}; take a profile with architecture: {BoardKind.Of(file.Machine.Board).Architecture.Name}");
            return new(null, errors.InOrder());
        }

        var variants = VariantExpander.Expand(file, reader.Migrations, overrides);
        VariantChecks.Check(variants, costs.Profile, root.Node.Find("matrix")?.Value.Position ?? root.Node.Position, root.Node.Find(MachinesSection.Key)?.Key.Position ?? root.Node.Position, errors);
        if (file.Placement is { } placement)
        {
            PlacementChecks.Check(placement, variants, root.Node.Find(PlacementSection.Key)!.Key.Position, errors);
        }

        if (errors.Any)
        {
            return new(null, errors.InOrder());
        }

        return new(
            new()
            {
                Path = path,
                Name = file.Name,
                Description = file.Description?.Trim(),
                Seed = overrides.Seed ?? file.Seed,
                Board = file.Machine.Board,
                GuestPath = guestPath,
                CostsPath = costsPath!,
                Costs = costs.Profile.WithJitter(file.Perturb.Delays ?? VirtualTime.Zero),
                Perturbation = new(file.Perturb.Work?.PartsPerMillion ?? 0, file.Perturb.Arrivals?.PartsPerMillion ?? 0),
                Faults = faults,
                Placement = file.Placement,
                Variants = variants,
            },
            []);
    }

    /// <summary>Those of the file, then those of the command line; whether their actors exist is known once the variants are.</summary>
    private static List<FaultPlan> Faults(ScenarioFile? file, MappingReader root, ScenarioOverrides overrides)
    {
        var vcpus = file?.Matrix.Axes.SelectMany(axis => axis.Choices).Max(choice => choice.Machine.Vcpus) ?? file?.Machine.Vcpus ?? MachineSection.MaximumVcpus;
        var plans = new FaultReader(vcpus, root.Errors).Read(root.Find("faults"));
        foreach (var plan in overrides.Faults)
        {
            if ((FaultRules.ProblemOf(plan.From, vcpus) ?? FaultRules.ProblemOf(plan.To, vcpus)) is { } problem)
            {
                root.Errors.Add(TextPosition.WholeFile, $"--fault '{plan}': {problem}");
            }
        }

        return [.. plans, .. overrides.Faults];
    }

    private static string? FindGuest(MappingReader root, string folder)
        => root.Node.Find("guest")?.Value is MappingNode guest && guest.Find("file")?.Value is ScalarNode { IsNull: false } node
            ? Existing(node, node.Text, folder, "guest.file", root.Errors)
            : null;

    /// <summary>The file of the profile, which is given by name or by path; null after an error at the key.</summary>
    private static string? FindCosts(MappingReader root, string folder)
    {
        if (root.Node.Find("costs")?.Value is not ScalarNode { IsNull: false } node)
        {
            return null;
        }

        if (node.Text.EndsWith(".yaml", StringComparison.Ordinal))
        {
            return Existing(node, node.Text, folder, "costs", root.Errors);
        }

        if (node.Text.Length > 64 || !node.Text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
        {
            root.Errors.Add(node.Position, $"costs must be the name of a cost profile (letters, digits and - _ .) or a path ending in .yaml, not {node.Kind}");
            return null;
        }

        var known = ProfilesIn(Path.Combine(folder, CostsFolder));
        if (!known.Contains(node.Text))
        {
            var remedy = NearestName.Find(node.Text, known) is { } nearest ? $"did you mean {Quoted.Show(nearest)}?" : known.Count == 0 ? "that folder has none" : $"there are {string.Join(", ", known.Take(10))}";
            root.Errors.Add(node.Position, $"there is no cost profile {Quoted.Show(node.Text)} in the folder {CostsFolder} beside the scenario; {remedy}");
            return null;
        }

        return Path.Combine(folder, CostsFolder, node.Text + ".yaml");
    }

    private static List<string> ProfilesIn(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string? Existing(ScalarNode node, string file, string folder, string key, ErrorList errors)
    {
        if (file.Length is 0 or > 1_000 || file.Contains('\0') || Path.IsPathRooted(file))
        {
            errors.Add(node.Position, $"{key} must be a path relative to the scenario file, not {node.Kind}");
            return null;
        }

        var path = Path.Combine(folder, file);
        if (File.Exists(path))
        {
            return path;
        }

        var remedy = Directory.Exists(path) ? "that is a folder; name a file in it" : $"there is no such file; it is looked for in the scenario's folder, as {Quoted.Show(path)}";
        errors.Add(node.Position, $"{key} is {Quoted.Show(file)}: {remedy}");
        return null;
    }
}
