using System.Text.Json;
using Trapline.Actors.Kernel;
using Trapline.Cluster.Fabric;
using Trapline.Cluster.Runs;
using Trapline.Cluster.Runs.Acts;
using Trapline.Machines.Results;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Cluster.Attempts;

/// <summary>What the nodes of an attempt tell one another beside windows: commands, groups on the move, results.</summary>
internal sealed class AttemptExchange(IFabric fabric, VariantPlan plan)
{
    /// <summary>Commands done at one window.</summary>
    private const int MostCommands = 64;

    private readonly List<AttemptCommand> _collected = [];
    private long _phase;

    /// <summary>Takes what the supervisor has; true if there is something that the others must be told.</summary>
    public bool Collect(IAttemptSupervisor supervisor)
    {
        while (_collected.Count < MostCommands && supervisor.Take() is { } command)
        {
            _collected.Add(command);
        }

        return _collected.Count > 0;
    }

    /// <summary>The commands that nodes have collected, the same on all nodes.</summary>
    public IReadOnlyList<AttemptCommand> Commands()
    {
        var mine = JsonSerializer.SerializeToUtf8Bytes(_collected, JournalJson.Options);
        _collected.Clear();
        return [.. Exchange("commands", mine).SelectMany(bytes => JsonSerializer.Deserialize<List<AttemptCommand>>(bytes.Span, JournalJson.Options)!)];
    }

    /// <summary>Lets the lead decide.</summary>
    public bool Agree(string what, Func<bool> decide)
    {
        byte[] mine = [(byte)(fabric.Node == 0 && decide() ? 1 : 0)];
        return Exchange(what, mine)[0].Span[0] == 1;
    }

    /// <summary>Where all groups are after a move.</summary>
    /// <returns>Null where there is no such group or node.</returns>
    public Placement? After(Placement here, GroupMove move, out string problem)
    {
        problem = "";
        if ((uint)move.Node >= (uint)fabric.NodeCount || move.Groups.Any(group => (uint)group >= (uint)here.Groups))
        {
            problem = $"there is no such group or node: the machine has {here.Groups} groups, the attempt nodes 0 to {fabric.NodeCount - 1}";
            return null;
        }

        int[] nodes = [.. here.NodeOfGroup];
        foreach (var group in move.Groups)
        {
            nodes[group] = move.Node;
        }

        return Placement.Of(nodes, fabric.NodeCount);
    }

    /// <summary>Where groups should be by what was measured on all nodes: the same on all of them.</summary>
    public Placement Rebalanced(Engine engine, TrafficReport mine) =>
        Rebalancing.Of(engine.Plan, engine.Placement, [.. Exchange("traffic", mine.Encode()).Select(TrafficReport.Decode)]);

    /// <summary>Moves groups: their state goes over the links, between two windows.</summary>
    /// <returns>Why nothing was moved; null if it was.</returns>
    public string? Move(ref Engine engine, Placement next, int number)
    {
        var transfer = new GroupTransfer();
        foreach (var group in engine.Groups.Where(group => next.NodeOf(group.Index) != fabric.Node))
        {
            transfer.Add(group);
        }

        var parts = Exchange($"move {number}", transfer.Written(FabricLimits.Default.MaxFrameBytes / 2));
        var arrivals = new Dictionary<int, ReadOnlyMemory<byte>>();
        foreach (var part in parts)
        {
            if (!GroupTransfer.TryRead(part, arrivals))
            {
                return "the state of the groups is larger than a frame between nodes may be: move fewer at a time";
            }
        }

        engine = engine.MoveTo(next, group => new StateReader(arrivals.TryGetValue(group.Index, out var rows)
            ? rows
            : throw new FabricException(FabricFailure.Protocol, $"group {group.Name} was to come, and nobody sent it")));
        return null;
    }

    /// <summary>What all nodes found, once they have stopped.</summary>
    public VariantOutcome Outcome(Engine engine, VirtualTime limit, bool interrupted, TimeSpan wall, NodeTimes times, long windows)
    {
        var (lookahead, limiting) = engine.Plan.LeastBetween(engine.Placement);
        var outcome = new VariantOutcome(plan) { Limit = limit, Interrupted = interrupted, Wall = wall, Windows = windows, Lookahead = lookahead, Limiting = limiting };
        outcome.Times.AddRange(Exchange("times", times.SyncState, static () => new NodeTimes(), static each => each.SyncState));
        outcome.Results.AddRange(Exchange("results", NodeResult.Of(engine, plan.Program).SyncState, () => new NodeResult(plan.Program), static result => result.SyncState));
        var violations = VariantOutcome.Violations(outcome.Results);
        if (violations.Count > 0)
        {
            outcome.Lives.AddRange(Exchange("lives", NodeLives.Of(engine, violations).SyncState, static () => new NodeLives(), static lives => lives.SyncState));
        }

        return outcome;
    }

    private IReadOnlyList<ReadOnlyMemory<byte>> Exchange(string what, ReadOnlyMemory<byte> mine) => fabric.ExchangeBlob($"{what} ({++_phase})", mine);

    /// <summary>Sends this node's part to the others and reads theirs, in the order of nodes.</summary>
    private List<T> Exchange<T>(string what, Action<StateSync> mine, Func<T> create, Func<T, Action<StateSync>> rowsOf)
    {
        var writer = new StateWriter();
        mine(writer);
        var parts = new List<T>();
        foreach (var bytes in Exchange(what, writer.Written))
        {
            try
            {
                var reader = new StateReader(bytes);
                var part = create();
                rowsOf(part)(reader);
                reader.Finish();
                parts.Add(part);
            }
            catch (StateFormatException failure)
            {
                throw new FabricException(FabricFailure.Protocol, $"the {what} of node {parts.Count} cannot be read: {failure.Message}", failure);
            }
        }

        return parts;
    }
}
