using Trapline.Machines.Assembly;
using Trapline.Machines.Scenarios;
using Trapline.Machines.Text;
using Trapline.Machines.Yaml;
using Trapline.Persistence;

namespace Trapline.Cluster.Runs.Checkpoints;

/// <summary>From the files of a run to the part that holds them, and back.</summary>
internal static class RunInputs
{
    private const int MostFiles = 1_000;
    private const int LongestName = 1_000;

    /// <summary>Reads all files that a variant was made from once more.</summary>
    /// <exception cref="RunException">One of them can no longer be read.</exception>
    public static InputsPart Collect(VariantPlan plan) => Collect([plan]);

    /// <summary>Reads all files that variants of one scenario were made from once more.</summary>
    /// <exception cref="RunException">One of them can no longer be read.</exception>
    public static InputsPart Collect(IReadOnlyList<VariantPlan> plans)
    {
        var scenario = plans[0].Scenario;
        string[] paths = [scenario.Path, scenario.CostsPath, .. plans.SelectMany(plan => plan.Program.Files).Distinct()];
        var root = CommonFolder([.. paths.Select(path => Path.GetFullPath(path))]);
        try
        {
            InputFile[] files = [.. paths.Select((path, index) => new InputFile(
                Path.GetRelativePath(root, Path.GetFullPath(path)).Replace(Path.DirectorySeparatorChar, '/'),
                path,
                BoundedFile.Read(path, index < 2 ? YamlLimits.FileBytes : AssemblyLimits.FileBytes)))];
            return new InputsPart(files[0], files[1], files[2..]);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RunException(RunFailure.Input, $"a file of the run cannot be read once more for its checkpoints: {failure.Message}", failure);
        }
    }

    /// <summary>Loads the scenario and assembles the guest of one variant from what the part holds, under the names that its files had.</summary>
    /// <exception cref="CheckpointException">They are not there, or wrong.</exception>
    public static VariantPlan Load(InputsPart inputs, string variant, ScenarioOverrides overrides) => Load(inputs, LoadScenario(inputs, overrides), variant);

    /// <summary>Assembles the guest of one variant from what the part holds.</summary>
    /// <param name="inputs">The files.</param>
    /// <param name="scenario">From the same part.</param>
    /// <param name="variant">Name.</param>
    /// <exception cref="CheckpointException">They are not there, or wrong.</exception>
    public static VariantPlan Load(InputsPart inputs, Scenario scenario, string variant) => Plan(scenario, variant, new InputsReader(inputs.Guest));

    /// <summary>Loads the scenario with all its variants.</summary>
    /// <exception cref="CheckpointException">Its files are not there, or wrong.</exception>
    public static Scenario LoadScenario(InputsPart inputs, ScenarioOverrides overrides)
    {
        Check(inputs);
        var folder = Directory.CreateTempSubdirectory("trapline-restore-");
        try
        {
            foreach (var file in inputs.All)
            {
                var path = Path.Combine(folder.FullName, file.Name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllBytes(path, file.Content);
            }

            var loaded = ScenarioLoader.Load(Path.Combine(folder.FullName, inputs.Scenario.Name), overrides);
            var scenario = loaded.Scenario ?? throw Wrong($"the scenario in it cannot be loaded by this version: {string.Join("; ", loaded.Errors)}");
            return scenario with { Path = inputs.Scenario.Shown, CostsPath = inputs.Costs.Shown, GuestPath = inputs.Guest[0].Shown };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(CheckpointFailure.Environment, $"the scenario of the checkpoint cannot be laid out in {folder.FullName}: {failure.Message}", failure);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The plan of one variant of a scenario, and the scenario cut to it.</summary>
    /// <exception cref="CheckpointException">There is no such variant, or its guest does not assemble.</exception>
    public static VariantPlan Plan(Scenario scenario, string variant, IGuestSourceReader? reader)
    {
        var one = scenario.Variants.FirstOrDefault(each => each.Name == variant) ?? throw Wrong($"{Quoted.Show(scenario.Path)} has no variant {Quoted.Show(variant)}, which is what was cut");
        try
        {
            return VariantPlan.Of(scenario with { Variants = [one] }, one, reader);
        }
        catch (RunException failure)
        {
            throw Wrong($"the guest of {Quoted.Show(scenario.Path)} does not assemble: {failure.Message}");
        }
    }

    /// <summary>The names decide where files are written: none may lead out of the folder, and none may take another's place.</summary>
    private static void Check(InputsPart inputs)
    {
        if (inputs.Guest.Count is 0 or > MostFiles)
        {
            throw Wrong($"it names {inputs.Guest.Count} files of a guest; there must be 1 to {MostFiles}");
        }

        foreach (var name in inputs.All.Select(file => file.Name))
        {
            var steps = name.Split('/');
            if (name.Length > LongestName || name.Contains('\0') || name.Contains('\\') || Path.IsPathRooted(name) || steps.Any(step => step is "" or "." or ".."))
            {
                throw Wrong($"{Quoted.Show(name)} is no name of a file inside a folder");
            }
        }

        if (inputs.All.GroupBy(file => file.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Skip(1).Any()) is { } twice)
        {
            throw Wrong($"{Quoted.Show(twice.Key)} is there twice");
        }
    }

    private static string CommonFolder(string[] paths)
    {
        var folder = Path.GetDirectoryName(paths[0])!;
        while (!paths.All(path => path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    private static CheckpointException Wrong(string what) => new(CheckpointFailure.Input, $"part '{CheckpointParts.Inputs}': {what}");

    private sealed class InputsReader(IReadOnlyList<InputFile> files) : IGuestSourceReader
    {
        public byte[]? Read(string path, int maxBytes, out string problem)
        {
            var file = files.FirstOrDefault(file => file.Shown == path);
            problem = file is null ? "the checkpoint does not hold it" : "";
            return file?.Content;
        }
    }
}
