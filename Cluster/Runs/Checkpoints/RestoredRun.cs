using Trapline.Actors.Faults;
using Trapline.Actors.Kernel;
using Trapline.Machines.Scenarios;
using Trapline.Machines.Scenarios.Faults;
using Trapline.Machines.Text;
using Trapline.Messages;
using Trapline.Messages.State;
using Trapline.Persistence;

namespace Trapline.Cluster.Runs.Checkpoints;

/// <summary>A checkpoint that was found to be one of a run that this program can carry on. Its state is checked when it is loaded.</summary>
public sealed class RestoredRun
{
    private readonly Dictionary<string, CheckpointPart> _groups;

    private RestoredRun(string id, RunPart run, InputsPart inputs, VariantPlan plan, ScenarioOverrides overrides, Dictionary<string, CheckpointPart> groups)
    {
        Id = id;
        Run = run;
        Inputs = inputs;
        Plan = plan;
        Overrides = overrides;
        _groups = groups;
    }

    public string Id { get; }

    /// <summary>The cut.</summary>
    public VirtualTime At => new(Run.AtPs);

    /// <summary>With the variant alone that was cut.</summary>
    public Scenario Scenario => Plan.Scenario;

    public bool Smoke => Run.Smoke;

    public bool Invariants => Run.Invariants;

    /// <summary>What the command line of the run that was cut said differently from its file.</summary>
    public ScenarioOverrides Overrides { get; }

    internal RunPart Run { get; }

    internal InputsPart Inputs { get; }

    internal VariantPlan Plan { get; }

    /// <param name="id">By which its store knows it.</param>
    /// <param name="checkpoint">What the store has of it.</param>
    /// <param name="scenarioFile">The scenario to use instead of the one in the checkpoint, which must decide the same; null for that one.</param>
    /// <exception cref="CheckpointException">It is of another version, of another kind, or does not fit.</exception>
    public static RestoredRun Open(string id, Checkpoint checkpoint, string? scenarioFile = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var parts = checkpoint.Parts.ToDictionary(part => part.Name, StringComparer.Ordinal);
        var run = CheckpointJson.Read<RunPart>(Take(parts, CheckpointParts.Run, CheckpointParts.RunVersion));
        var inputs = CheckpointJson.Read<InputsPart>(Take(parts, CheckpointParts.Inputs, CheckpointParts.InputsVersion));
        CheckHeader(checkpoint.Header, run);
        var overrides = new ScenarioOverrides { Seed = run.Seed, Until = run.UntilPs is { } until ? new VirtualTime(until) : null, Faults = [.. run.Faults.Select(Fault)] };
        var plan = scenarioFile is null ? RunInputs.Load(inputs, run.Variant, overrides) : LoadFile(scenarioFile, run.Variant, overrides);
        if (RunFingerprint.Of([plan], run.Smoke) != run.Fingerprint)
        {
            throw Wrong(scenarioFile is null
                ? $"part '{CheckpointParts.Inputs}': the scenario in it is no longer the run that was cut, for this version of the program reads it differently; restore it with {checkpoint.Header.Program}"
                : $"{Quoted.Show(scenarioFile)} is not what was cut: scenario, guest, costs, seed and length must all be the same; leave the file out to take the one in the checkpoint");
        }

        return new RestoredRun(id, run, scenarioFile is null ? inputs : RunInputs.Collect(plan), plan, overrides, parts);
    }

    /// <summary>Takes the place of <see cref="Engine.Start"/>. All groups of the engine's node are loaded, or it is not fit for use.</summary>
    /// <exception cref="CheckpointException">A part is missing, left over, of another version, or its rows do not fit.</exception>
    internal void Load(Engine engine)
    {
        var left = new Dictionary<string, CheckpointPart>(_groups, StringComparer.Ordinal);
        var at = "";
        try
        {
            engine.Load(group => new StateReader(Take(left, at = CheckpointParts.OfGroup(group.Name), CheckpointParts.GroupVersion).Content));
        }
        catch (StateFormatException failure)
        {
            throw new CheckpointException(CheckpointFailure.Input, $"part '{at}': {failure.Message}; the checkpoint is not one of this scenario, or not of this version", failure);
        }

        foreach (var elsewhere in engine.Plan.Groups)
        {
            left.Remove(CheckpointParts.OfGroup(elsewhere.Name));
        }

        if (left.Count > 0)
        {
            throw Wrong($"part '{left.Keys.Order(StringComparer.Ordinal).First()}': this version knows no such part; restore it with the version that wrote it");
        }

        if (engine.NextDue < At)
        {
            throw Wrong($"something in it is due at {engine.NextDue}, before its cut at {At}: the checkpoint is no cut of a run");
        }
    }

    private static CheckpointPart Take(Dictionary<string, CheckpointPart> parts, string name, int version)
    {
        if (!parts.Remove(name, out var part))
        {
            throw Wrong($"part '{name}' is missing: this is no checkpoint of a run of this machine");
        }

        return part.SchemaVersion == version
            ? part
            : throw Wrong($"part '{name}' is of version {part.SchemaVersion}, and this program reads version {version}; restore it with the version of the program that wrote it");
    }

    private static void CheckHeader(CheckpointHeader header, RunPart run)
    {
        if ((header.Scenario, header.Variant, header.Seed, header.At.Picoseconds, header.Fingerprint, header.Digest)
            != (run.Scenario, run.Variant, run.Seed, run.AtPs, run.Fingerprint, run.Digest))
        {
            throw Wrong($"part '{CheckpointParts.Run}' and the header are not of the same run");
        }

        if (run.AtPs <= 0)
        {
            throw Wrong($"part '{CheckpointParts.Run}': a run cannot be cut at {run.AtPs} ps");
        }
    }

    private static FaultPlan Fault(string text) =>
        FaultText.Parse(text, out var problem) ?? throw Wrong($"part '{CheckpointParts.Run}': the fault {Quoted.Show(text)}: {problem}");

    private static VariantPlan LoadFile(string file, string variant, ScenarioOverrides overrides)
    {
        var loaded = ScenarioLoader.Load(file, overrides);
        return RunInputs.Plan(loaded.Scenario ?? throw new RunException(RunFailure.Input, string.Join('\n', loaded.Errors)), variant, reader: null);
    }

    private static CheckpointException Wrong(string message) => new(CheckpointFailure.Input, message);
}
