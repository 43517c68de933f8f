using System.Reflection;
using System.Security.Cryptography;
using Trapline.Cluster.Runs.Acts;
using Trapline.Messages;
using Trapline.Persistence;

namespace Trapline.Cluster.Runs.Checkpoints;

/// <summary>What all checkpoints of one variant's run have in common.</summary>
internal sealed class CheckpointOrigin
{
    private static readonly string Program = typeof(CheckpointOrigin).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private readonly RunPart _run;
    private readonly CheckpointPart _inputs;
    private readonly VariantPlan _plan;

    /// <param name="plan">The variant.</param>
    /// <param name="settings">What it was asked for, as far as that decides what it finds.</param>
    /// <param name="inputs">The files that it was loaded from.</param>
    /// <param name="runFingerprint">Of all variants of the run.</param>
    /// <param name="acts">What is to be repeated.</param>
    public CheckpointOrigin(VariantPlan plan, OriginSettings settings, InputsPart inputs, string runFingerprint, IReadOnlyList<JournalEntry> acts)
    {
        _plan = plan;
        _run = new RunPart(
            plan.Scenario.Name, plan.Variant.Name, plan.Scenario.Seed, settings.Overrides.Until?.Picoseconds, settings.Smoke, settings.Invariants,
            [.. settings.Overrides.Faults.Select(fault => fault.ToString())], RunFingerprint.Of([plan], settings.Smoke), runFingerprint,
            AtPs: 0, Digest: "", JournalPosition: 0, acts);
        _inputs = CheckpointJson.Write(CheckpointParts.Inputs, CheckpointParts.InputsVersion, inputs);
    }

    public string Variant => _run.Variant;

    /// <summary>Names of the parts of all groups, in the order of the plan.</summary>
    public IReadOnlyList<string> GroupNames => [.. _plan.Build().Groups.Select(group => CheckpointParts.OfGroup(group.Name))];

    /// <summary>The parts that hold the state of groups, in their order; valid as long as what was captured.</summary>
    public static IReadOnlyList<CheckpointPart> Groups(StateCapture state) =>
        [.. state.Groups.Select(group => new CheckpointPart(CheckpointParts.OfGroup(group.Name), CheckpointParts.GroupVersion, group.Rows))];

    /// <summary>The whole checkpoint; its parts are valid as long as what was captured.</summary>
    public Checkpoint Checkpoint(StateCapture state)
    {
        var groups = Groups(state);
        var (header, own) = Head(state.At, groups.Select(group => (group.Name, Convert.ToHexStringLower(SHA256.HashData(group.Content.Span)))));
        return new Checkpoint(header, [.. own, .. groups]);
    }

    /// <summary>The checkpoint without its groups, and the parts that come before theirs.</summary>
    /// <param name="at">The cut.</param>
    /// <param name="groups">Name and SHA-256 of the parts of all groups, in the order of the plan: who has the state of some groups alone knows the digest too.</param>
    public (CheckpointHeader Header, IReadOnlyList<CheckpointPart> Own) Head(VirtualTime at, IEnumerable<(string Name, string Sha256)> groups)
    {
        var digest = Digest128.Empty;
        foreach (var (name, sha256) in groups)
        {
            digest.Absorb(name);
            digest.Absorb(sha256);
        }

        var run = _run with { AtPs = at.Picoseconds, Digest = digest.ToString(), JournalPosition = _run.Acts.Count(act => act.AtPs < at.Picoseconds) };
        var header = new CheckpointHeader
        {
            Scenario = run.Scenario,
            Variant = run.Variant,
            Seed = run.Seed,
            At = at,
            Fingerprint = run.Fingerprint,
            Digest = run.Digest,
            Program = Program,
        };
        return (header, [CheckpointJson.Write(CheckpointParts.Run, CheckpointParts.RunVersion, run), _inputs]);
    }
}
