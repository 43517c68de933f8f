using System.Reflection;
using Trapline.Cluster.Runs.Acts;
using Trapline.Machines.Scenarios;
using Trapline.Messages;
using Trapline.Persistence;

namespace Trapline.Cluster.Runs.Checkpoints;

/// <summary>What all checkpoints of one variant's run have in common.</summary>
internal sealed class CheckpointOrigin
{
    private static readonly string Program = typeof(CheckpointOrigin).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private readonly RunPart _run;
    private readonly CheckpointPart _inputs;

    /// <param name="plan">The variant.</param>
    /// <param name="request">How it is run.</param>
    /// <param name="inputs">The files that it was loaded from.</param>
    /// <param name="runFingerprint">Of all variants of the run.</param>
    /// <param name="acts">What is to be repeated.</param>
    public CheckpointOrigin(VariantPlan plan, RunRequest request, InputsPart inputs, string runFingerprint, IReadOnlyList<JournalEntry> acts)
    {
        var overrides = request.Restored?.Overrides ?? request.Checkpoints?.Overrides ?? ScenarioOverrides.None;
        _run = new RunPart(
            plan.Scenario.Name, plan.Variant.Name, plan.Scenario.Seed, overrides.Until?.Picoseconds, request.Smoke, request.Invariants,
            [.. overrides.Faults.Select(fault => fault.ToString())], RunFingerprint.Of([plan], request.Smoke), runFingerprint,
            AtPs: 0, Digest: "", JournalPosition: 0, acts);
        _inputs = CheckpointJson.Write(CheckpointParts.Inputs, CheckpointParts.InputsVersion, inputs);
    }

    public string Variant => _run.Variant;

    /// <summary>The whole checkpoint; its parts are valid as long as what was captured.</summary>
    public Checkpoint Checkpoint(StateCapture state)
    {
        List<CheckpointPart> groups = [.. state.Groups.Select(group => new CheckpointPart(CheckpointParts.OfGroup(group.Name), CheckpointParts.GroupVersion, group.Rows))];
        var digest = Digest128.Empty;
        foreach (var group in groups)
        {
            digest.Absorb(group.Name);
            digest.Absorb(group.Content.Span);
        }

        var run = _run with { AtPs = state.At.Picoseconds, Digest = digest.ToString(), JournalPosition = _run.Acts.Count(act => act.AtPs < state.At.Picoseconds) };
        var header = new CheckpointHeader
        {
            Scenario = run.Scenario,
            Variant = run.Variant,
            Seed = run.Seed,
            At = state.At,
            Fingerprint = run.Fingerprint,
            Digest = run.Digest,
            Program = Program,
        };
        return new Checkpoint(header, [CheckpointJson.Write(CheckpointParts.Run, CheckpointParts.RunVersion, run), _inputs, .. groups]);
    }
}
