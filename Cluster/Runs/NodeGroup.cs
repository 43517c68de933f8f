using Trapline.Actors.Kernel;
using Trapline.Cluster.Fabric;
using Trapline.Cluster.Fabric.WebSockets;
using Trapline.Devices.Common;
using Trapline.Machines.Boards;
using Trapline.Messages;

namespace Trapline.Cluster.Runs;

/// <summary>The nodes of a run, as this one sees them: the fabric between them, and the process of the other one where this one started it.</summary>
internal sealed class NodeGroup : IDisposable
{
    private readonly PeerProcess? _peer;

    private NodeGroup(IFabric? fabric, PeerProcess? peer)
    {
        Fabric = fabric;
        _peer = peer;
    }

    /// <summary>Null where this process is the only node.</summary>
    public IFabric? Fabric { get; }

    /// <summary>Joins the run's nodes; with one node there is nothing to join.</summary>
    /// <exception cref="RunException">The other node cannot be started or reached, or runs something else.</exception>
    /// <exception cref="OperationCanceledException">Interrupted while joining.</exception>
    public static NodeGroup Join(RunRequest request, string fingerprint, CancellationToken cancellation)
    {
        if (request.Nodes == 1)
        {
            return new NodeGroup(null, null);
        }

        PeerProcess? peer = null;

        // The fabric keeps its token for life, but once windows run a person's Ctrl-C is a stop between two of them, not
        // a broken link: so the token given here can be cancelled while joining, and never after.
        var joining = new CancellationTokenSource();
        try
        {
            using var registration = cancellation.Register(joining.Cancel);
            var group = JoinAsync(request, fingerprint, Started, joining.Token).GetAwaiter().GetResult();
            if (peer is not null)
            {
                // Once it has joined, its end is a broken link, which the exchange reports; cancelling would pass for Ctrl-C.
                peer.Ended = null;
            }

            if (joining.IsCancellationRequested)
            {
                group.Fabric!.DisposeAsync().AsTask().GetAwaiter().GetResult();
                throw new OperationCanceledException(joining.Token);
            }

            return group;
        }
        catch (FabricException failure)
        {
            var said = peer?.LastWords() ?? "";
            peer?.Dispose();
            throw Translate(failure, said);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            peer?.Dispose();
            throw;
        }
        catch (OperationCanceledException)
        {
            var said = peer?.LastWords();
            peer?.Dispose();
            throw new RunException(RunFailure.Environment, $"the second node ended before it joined; it said: {said}");
        }

        void Started(PeerProcess process)
        {
            peer = process;
            process.Ended = joining.Cancel;
        }
    }

    /// <summary>The failure of an exchange, with what the other process said last where this one started it.</summary>
    public RunException Translate(FabricException failure) => Translate(failure, _peer?.LastWords() ?? "");

    public void Dispose()
    {
        if (Fabric is not null)
        {
            Fabric.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        _peer?.Dispose();
    }

    private static async Task<NodeGroup> JoinAsync(RunRequest request, string fingerprint, Action<PeerProcess> started, CancellationToken cancellation)
    {
        var node = request.Node ?? 0;
        var listenAt = node == 0 ? request.Listen ?? new Uri("http://127.0.0.1:0") : null;
        var listener = listenAt is null ? null : await FabricListener.OpenAsync(listenAt, connections: 1, cancellation).ConfigureAwait(false);
        PeerProcess? peer = null;
        if (request.Node is null)
        {
            peer = PeerProcess.Start(request.ChildCommand, listener!.Url);
            started(peer);
        }

        var options = new WebSocketFabricOptions
        {
            Node = node,
            Peers = node == 0 ? [null, request.Peer] : [request.Peer, request.Listen],
            Configuration = new FabricConfiguration()
                .With("scenario", request.Scenario.Name)
                .With("seed", request.Scenario.Seed.ToString())
                .With("smoke", request.Smoke ? "yes" : "no")
                .With("window", request.Window?.ToString() ?? "longest")
                .With("content", fingerprint)
                .With("build of the kernel", BuildOf(typeof(Message), typeof(DeviceReport), typeof(Engine), typeof(LoongArchVirt))),
        };
        return new NodeGroup(await WebSocketFabric.JoinAsync(options, listener, cancellation).ConfigureAwait(false), peer);
    }

    /// <summary>Identifiers of the modules that decide what a run finds: equal for builds of equal sources.</summary>
    private static string BuildOf(params Type[] types) =>
        string.Join(' ', types.Select(type => type.Module.ModuleVersionId.ToString("N")).Distinct());

    private static RunException Translate(FabricException failure, string said)
    {
        var kind = failure.Failure is FabricFailure.Usage or FabricFailure.Mismatch ? RunFailure.Input
            : failure.Failure == FabricFailure.LimitReached ? RunFailure.Simulation
            : RunFailure.Environment;
        return new RunException(kind, said.Length == 0 ? failure.Message : $"{failure.Message} The other node said: {said}", failure);
    }
}
