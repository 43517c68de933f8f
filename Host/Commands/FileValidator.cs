using System.Text.RegularExpressions;
using Trapline.Cluster.Runs;
using Trapline.Machines.Assembly;
using Trapline.Machines.Boards;
using Trapline.Machines.Costs;
using Trapline.Machines.Scenarios;
using Trapline.Machines.Scenarios.Migrations;
using Trapline.Machines.Yaml;
using Trapline.Messages;

namespace Trapline.Host.Commands;

/// <summary>Checks one file of any of the kinds that users write.</summary>
/// <param name="path">The file.</param>
/// <param name="vcpus">For a guest; null for the default.</param>
/// <param name="services">The check of a whole scenario.</param>
internal sealed partial class FileValidator(string path, int? vcpus, CommandServices services)
{
    public const int DefaultVcpus = 2;

    /// <summary>Of a VM that migrates.</summary>
    private const int Hosts = 2;

    private const string GuestExtension = ".guest";

    /// <summary>What is wrong, and whose fault that is where it is not the file's.</summary>
    public (ValidationReport Report, RunFailure Failure) Validate()
    {
        if (path.EndsWith(GuestExtension, StringComparison.Ordinal))
        {
            return (Guest(), RunFailure.Input);
        }

        if (vcpus is not null)
        {
            throw new CommandException(ExitCodes.Usage, $"--vcpus is for a guest ({GuestExtension}); a scenario says itself how many vCPUs it has");
        }

        return IsCostProfile() ? (Costs(), RunFailure.Input) : Scenario();
    }

    private ValidationReport Guest()
    {
        var result = GuestAssembler.Assemble(path, new() { VcpuCount = vcpus ?? DefaultVcpus });
        var program = result.Program;
        return new()
        {
            File = path,
            Kind = "guest",
            Errors = [.. result.Errors.Select(error => error.ToString())],
            Guest = program is null ? null : new(
                vcpus ?? DefaultVcpus, program.Instructions.Length, program.SharedBytes, program.PerCpuBytes,
                program.Files, program.Counters, program.Marks, program.DrawsRandom),
        };
    }

    private ValidationReport Costs()
    {
        var result = CostProfileLoader.Load(path);
        var profile = result.Profile;
        return new()
        {
            File = path,
            Kind = "costs",
            Errors = [.. result.Errors.Select(error => error.ToString())],
            Costs = profile is null ? null : new(profile.Name, profile.Costs.Count, profile.Factors.Count, $"{profile.PathLatency}", $"{profile.PathJitter}"),
        };
    }

    private (ValidationReport Report, RunFailure Failure) Scenario()
    {
        var report = new ValidationReport { File = path, Kind = "scenario" };
        var result = ScenarioLoader.Load(path);
        if (result.Scenario is not { } scenario)
        {
            return (report with { Errors = [.. result.Errors.Select(error => error.ToString())] }, RunFailure.Input);
        }

        try
        {
            var topologies = services.Check(scenario);
            return (report with { Variants = [.. scenario.Variants.Zip(topologies, Variant)] }, RunFailure.Input);
        }
        catch (RunException failure)
        {
            var lines = failure.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return (report with { Errors = [.. lines.Select(WithPlace)] }, failure.Failure);
        }
    }

    /// <summary>An error of the scenario as a whole has no line; it still names the file.</summary>
    private string WithPlace(string line)
        => line.Contains(": error: ", StringComparison.Ordinal) || line.Contains(": note: ", StringComparison.Ordinal) ? line : $"{path}: error: {line}";

    private static ValidatedVariant Variant(ScenarioVariant variant, Topology topology)
    {
        // One group alone is limited by nothing: its only window is the whole run.
        if (!VirtualTime.TryParse(topology.LookaheadText, out var lookahead))
        {
            return new(topology, variant.Vcpus, Link(variant), $"{variant.Until}", $"{variant.Smoke ?? variant.Until}", null);
        }

        var smoke = variant.Smoke ?? SmokeLength.Default(variant.Until, lookahead);
        var windows = (smoke.Picoseconds + lookahead.Picoseconds - 1) / lookahead.Picoseconds;
        return new(topology, variant.Vcpus, Link(variant), $"{variant.Until}", $"{smoke}", windows);
    }

    private static ValidatedLink? Link(ScenarioVariant variant) => variant.Migrations is not { } migrations
        ? null
        : new(Hosts, $"{variant.LinkLatency}", migrations.Count == 0 ? null : $"{new LinkRate(migrations[0].Bandwidth)}", [.. migrations.Select(plan => $"{plan.At}")]);

    /// <summary>A scenario has the key <c>costs</c> too; <c>factors</c> and <c>paths</c> only a profile has.</summary>
    private bool IsCostProfile()
        => TextFile.Read(path, "scenario", new(path)) is { } text && ProfileKey().IsMatch(text) && !ScenarioKey().IsMatch(text);

    [GeneratedRegex(@"^(paths|factors|costs)\s*:\s*(#.*)?$", RegexOptions.Multiline)]
    private static partial Regex ProfileKey();

    [GeneratedRegex(@"^(machine|guest|length)\s*:", RegexOptions.Multiline)]
    private static partial Regex ScenarioKey();
}
