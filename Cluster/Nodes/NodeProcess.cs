using Trapline.Cluster.Coordination;
using Trapline.Cluster.Fabric;
using Trapline.Cluster.Fabric.WebSockets;
using Trapline.Cluster.Runs;
using Trapline.Persistence;

namespace Trapline.Cluster.Nodes;

/// <summary>A node from its options to its end: what the command <c>node</c> runs.</summary>
public static class NodeProcess
{
    /// <summary>Blocks until it is cancelled.</summary>
    /// <param name="settings">How it behaves.</param>
    /// <param name="cluster">URL of the database.</param>
    /// <param name="listen">Where other nodes reach it.</param>
    /// <param name="security">What protects its links.</param>
    /// <param name="log">Gets a line for whatever happens.</param>
    /// <param name="cancellation">Has it leave.</param>
    /// <exception cref="CoordinationException">The cluster cannot be joined.</exception>
    /// <exception cref="FabricException">It cannot listen there, or must not be reached where it says.</exception>
    public static void Run(NodeSettings settings, string cluster, Uri listen, FabricSecurity security, Action<string> log, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        if (settings.Advertise is { } advertised)
        {
            NodeUrl.Parse(advertised, security, mayChoosePort: false);
        }

        using var coordination = Coordinations.Open(cluster);
        ClusterNode? node = null;
        var server = FabricServer.OpenAsync(new FabricServerOptions { Listen = listen, Security = security, Ready = () => Ready(Volatile.Read(ref node)) }, cancellation).GetAwaiter().GetResult();
        try
        {
            var context = new NodeContext
            {
                Settings = settings,
                Coordination = coordination,
                OpenStore = () => CheckpointStores.Open(cluster),
                Server = server,
                Security = security,
                // The holder's word ends a wait; this bound is for a node that hears neither its peer nor the holder.
                Limits = FabricLimits.Default with { PeerTimeout = TimeSpan.FromMinutes(10), HelloTimeout = JoinTime(settings.Stall) },
                Build = BuildIdentity.Current,
                Log = log,
            };
            using var joined = ClusterNode.Join(context, cancellation);
            Volatile.Write(ref node, joined);
            log($"node {settings.Name} listens at {server.Url} and has joined {coordination.Place}");
            joined.Run(cancellation);
        }
        finally
        {
            server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>While nodes join nobody has sent anything that could be missed: who does not come is known by the time alone, which loading a checkpoint must fit in.</summary>
    private static TimeSpan JoinTime(TimeSpan stall) => 7.5 * stall;

    private static HealthAnswer Ready(ClusterNode? node) =>
        node is null ? new(false, "joining the cluster")
        : node.RefusedRuns > 0 ? new(false, "the database is older than what was done with it")
        : node.DatabaseProblem.Length > 0 ? new(false, "the database does not answer; what runs goes on")
        : new(true, "ready");
}
