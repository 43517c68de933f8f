using System.CommandLine;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Host.Commands.Snapshots;
using Trapline.Machines.Scenarios;
using Trapline.Messages;
using Trapline.Persistence;
using Trapline.Persistence.Identity;

namespace Trapline.Host.Commands;

/// <summary>What a command line asks of checkpoints.</summary>
internal sealed record CheckpointArguments
{
    public static readonly CheckpointArguments None = new();

    public VirtualTime? Every { get; init; }

    public IReadOnlyList<VirtualTime> At { get; init; } = [];

    public int? Keep { get; init; }

    public string? Restore { get; init; }

    public string Store { get; init; } = CheckpointStores.Default;

    /// <summary>Whether the store was named, rather than left to the default.</summary>
    public bool StoreGiven { get; init; }

    /// <summary>The option by which the run is to be cut; null if it is not.</summary>
    public string? CutBy => Every is not null ? "--checkpoint-every" : At.Count > 0 ? "--checkpoint-at" : null;

    public static CheckpointArguments From(ParseResult parsed, CheckpointOptions options) => new()
    {
        Every = parsed.GetValue(options.Every),
        At = parsed.GetValue(options.At) ?? [],
        Keep = parsed.GetValue(options.Keep),
        Restore = parsed.GetValue(options.Restore),
        Store = parsed.GetRequiredValue(options.Store),
        StoreGiven = parsed.GetResult(options.Store) is { Implicit: false },
    };

    /// <summary>Null if nothing contradicts anything.</summary>
    public string? Contradiction(RunArguments run)
    {
        if (Restore is "")
        {
            return "--restore is empty; 'trapline snapshot list' shows the ids that there are";
        }

        if (CutBy is null && Keep is not null)
        {
            return "--checkpoint-keep is about checkpoints that the run saves: add --checkpoint-every or --checkpoint-at, or leave it out";
        }

        if (CutBy is null && Restore is null)
        {
            return StoreGiven ? "--store is about checkpoints: add --checkpoint-every, --checkpoint-at or --restore, or leave it out" : null;
        }

        var option = Restore is null ? CutBy : "--restore";
        if (run.Seeds is not null)
        {
            return $"{option} and --seeds cannot be had at once: of many runs only a summary is kept. Run the seed that you want to cut with --seed";
        }

        return Restore is null ? null : Fixed(run);
    }

    /// <summary>Opens the store; null where nothing asks for one.</summary>
    /// <exception cref="CheckpointException">It cannot be used, or a checkpoint is wanted from one that does not exist.</exception>
    public ICheckpointStore? Open()
        => Restore is not null ? SnapshotCommand.Existing(Store)
        : CutBy is not null ? CheckpointStores.Open(Store)
        : null;

    /// <summary>The run to carry on; null where one begins.</summary>
    /// <param name="store">As <see cref="Open"/> answered it.</param>
    /// <param name="file">The scenario that the command line names; null for the one in the checkpoint.</param>
    public RestoredRun? Restored(ICheckpointStore? store, string? file)
    {
        if (Restore is null || store is null)
        {
            return null;
        }

        var id = CheckpointIds.Find(store.List(), Restore, store.Place).Id;
        return RestoredRun.Open(id, store.Load(id), file);
    }

    /// <summary>When the run is to be cut; null for never.</summary>
    /// <param name="store">As <see cref="Open"/> answered it.</param>
    /// <param name="overrides">Of the command line.</param>
    public CheckpointRequest? Request(ICheckpointStore? store, ScenarioOverrides overrides) => store is null || CutBy is null
        ? null
        : new() { Store = store, Every = Every, At = At, Keep = Keep, Overrides = overrides };

    /// <summary>What the checkpoint has decided already.</summary>
    private static string? Fixed(RunArguments run)
    {
        (string Option, bool Given)[] others =
        [
            ("--seed", run.Seed is not null), ("--only", run.Only is not null), ("--until", run.Until is not null), ("--smoke", run.Smoke),
            ("--no-invariants", !run.Invariants), ("--fault", run.Faults.Count > 0),
        ];
        return others.FirstOrDefault(other => other.Given).Option is { } option
            ? $"--restore and {option} cannot be had at once: the checkpoint says what is run, and another run would have come to another state. Leave {option} out, or begin a run with it"
            : null;
    }
}
