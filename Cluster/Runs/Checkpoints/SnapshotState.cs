using Trapline.Actors.Kernel;
using Trapline.Messages.State;

namespace Trapline.Cluster.Runs.Checkpoints;

/// <summary>The state in a checkpoint by names: actors are made as for a restored run, loaded, and list their rows.</summary>
public static class SnapshotState
{
    /// <returns>Of each group first the group, then its actors, in the order of the machine.</returns>
    /// <exception cref="Persistence.CheckpointException">The state does not fit.</exception>
    public static IReadOnlyList<ActorState> Of(RestoredRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var plan = run.Plan.Build();
        using var engine = new Engine(plan, Placement.OneNode(plan.Groups.Count), 0, new EngineOptions());
        run.Load(engine);
        return [.. engine.Groups.SelectMany(Of)];
    }

    private static IEnumerable<ActorState> Of(Group group)
    {
        var waiting = group.Queue.Waiting().CountBy(message => message.Target).ToDictionary();
        var actors = group.Actors.Select(actor => (Prefix: $"{group.Name}.{actor.Address}.", Rows: new List<KeyValuePair<string, ulong>>())).ToArray();
        var own = new List<KeyValuePair<string, ulong>>();
        var lister = new StateLister();
        group.SyncState(lister);
        foreach (var (name, value) in lister.Rows)
        {
            // "group.actor.row" of an actor, "group.row" of the group itself.
            var (prefix, rows) = Array.Find(actors, actor => name.StartsWith(actor.Prefix, StringComparison.Ordinal));
            (rows ?? own).Add(new(name[(prefix?.Length ?? group.Name.Length + 1)..], value));
        }

        yield return new(CheckpointParts.OfGroup(group.Name), group.Name, group.Now, group.Queue.Count, own);
        foreach (var (actor, (_, rows)) in group.Actors.Zip(actors))
        {
            yield return new(actor.Address.ToString(), group.Name, group.Now, waiting.GetValueOrDefault(actor.Address), rows);
        }
    }
}
