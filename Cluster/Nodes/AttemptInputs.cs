using Trapline.Cluster.Attempts;
using Trapline.Cluster.Fabric;
using Trapline.Cluster.Fabric.InMemory;
using Trapline.Cluster.Fabric.WebSockets;
using Trapline.Cluster.Plans;
using Trapline.Cluster.Runs;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Machines.Scenarios.Placements;
using Trapline.Messages;

namespace Trapline.Cluster.Nodes;

/// <summary>From what the holder committed to what an attempt needs: the variant, the checkpoint that it begins at, and its peers.</summary>
internal sealed class AttemptInputs(NodeContext context, long run, RunSpecification specification, SpecifiedVariants variants, Job job)
{
    private PlacementSection? _section;

    /// <exception cref="Persistence.CheckpointException">The checkpoint, or the scenario, cannot be read.</exception>
    public AttemptSettings Load(CancellationToken cancellation)
    {
        var restored = Restored();
        cancellation.ThrowIfCancellationRequested();
        var plan = restored?.Plan ?? variants.Plan(job.Variant, job.Seed);
        _section = specification.Placement?.Policy is { } policy && policy != plan.Scenario.Placement?.Policy ? new PlacementSection { Policy = policy } : plan.Scenario.Placement;
        return new AttemptSettings
        {
            Plan = plan,
            Smoke = specification.Smoke,
            Invariants = specification.Invariants,
            Window = specification.WindowPs is { } window ? new VirtualTime(window) : null,
            Threads = context.Settings.Threads,
            Placement = (plan, nodes) => AttemptPlacement.Of(_section, plan, nodes),
            MeasuresTraffic = _section?.Policy == PlacementPolicy.Traffic,
            Restored = restored,
            Acts = job.Acts,
        };
    }

    /// <summary>Blocks until all peers are there.</summary>
    /// <exception cref="FabricException">One of them is not, or runs something else.</exception>
    public IFabric Join(long member, AttemptSettings settings, CancellationToken cancellation)
    {
        if (job.Members.Count == 1)
        {
            return InMemoryFabric.CreateAll(1, context.Limits, cancellation)[0];
        }

        var session = new FabricSession(run, job.Number, job.Attempt, (uint)job.Epoch);
        var node = job.Members.ToList().IndexOf(member);
        var options = new WebSocketFabricOptions
        {
            Node = node,
            Name = context.Settings.Name,
            Session = session,
            Peers = [.. job.Endpoints.Select((endpoint, index) => index == node ? null : new Uri(endpoint))],
            Configuration = new FabricConfiguration()
                .With("variant", job.Variant)
                .With("content", RunFingerprint.Of([settings.Plan], settings.Smoke))
                .With("begins at", job.From?.Id ?? "the beginning")
                .With("build of the run", context.Build),
            Limits = context.Limits,
            Security = context.Security,
        };
        var listener = context.Server.Expect(session, job.Members.Count - 1 - node);
        return WebSocketFabric.JoinAsync(options, listener, cancellation).GetAwaiter().GetResult();
    }

    private RestoredRun? Restored()
    {
        if (job.From is not { } from)
        {
            return null;
        }

        using var store = context.OpenStore();
        return RestoredRun.Open(from.Id, store.Load(from.Id));
    }
}
