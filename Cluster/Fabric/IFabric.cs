namespace Trapline.Cluster.Fabric;

/// <summary>
/// How the nodes of one run exchange what their groups sent one another. All nodes go in lock step: each does the same
/// exchanges in the same order, and each exchange returns when the frames of all peers for it are here.
/// <para>
/// Used by one thread (the simulation's); disposal, abortion and what is said to be safe may come from another. A <see cref="FabricException"/> is final:
/// the peers are told, and every later exchange throws the same again.
/// </para>
/// <para>
/// The fabric checks that what arrived is whole, comes from the peer it should, and belongs to this window. It does not
/// know groups: that a message's source lives on its sender, that its target lives here, and that it is due at the end
/// of the window or later are for the caller to check before it queues the message.
/// </para>
/// </summary>
public interface IFabric : IAsyncDisposable
{
    /// <summary>This node's number, from 0.</summary>
    int Node { get; }

    int NodeCount { get; }

    /// <summary>One snapshot per peer, ascending by number. Safe to read from any thread at any time.</summary>
    IReadOnlyList<LinkCounters> Links { get; }

    /// <summary>
    /// What the simulation thread waits for in an exchange at this moment; null if every frame it needs is there. Safe to read from any thread.
    /// </summary>
    LinkWait? Waiting { get; }

    /// <summary>
    /// The batch that the next <see cref="Exchange"/> carries to <paramref name="node"/>; that call empties it. Ask again
    /// after each exchange: it is not always the same object.
    /// </summary>
    MessageBatch Outgoing(int node);

    /// <summary>
    /// Ends a window: sends the outgoing batches with <paramref name="mine"/>, and waits for those of all peers.
    /// The inbox is valid until the next exchange of any form.
    /// </summary>
    /// <exception cref="FabricException">A peer is lost, silent, elsewhere in the run, or sent what is no frame.</exception>
    /// <exception cref="OperationCanceledException">The token given at construction was cancelled.</exception>
    WindowInbox Exchange(in WindowSummary mine);

    /// <summary>
    /// Exchanges one payload with all peers at a point of the run that has a name; all must name the same. The result
    /// holds one payload per node, <paramref name="mine"/> at this node's place.
    /// </summary>
    /// <inheritdoc cref="Exchange"/>
    IReadOnlyList<ReadOnlyMemory<byte>> ExchangeBlob(string phase, ReadOnlyMemory<byte> mine);

    /// <summary>
    /// Ends the session from any thread: who waits in an exchange gets a <see cref="FabricException"/> of
    /// <see cref="FabricFailure.Aborted"/> at once, as does every later exchange; the peers are told the reason. Does not wait for
    /// them; disposal does. The first reason stays.
    /// </summary>
    void Abort(string reason);
}
