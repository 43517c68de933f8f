using Trapline.Cluster.Fabric;
using Trapline.Messages;

namespace Trapline.Cluster.Attempts;

/// <summary>How far an attempt is on this node: written by the simulation's thread, read by any.</summary>
internal sealed class AttemptProgress
{
    private long _window;
    private long _position;
    private long _groups;
    private long _moves;

    /// <summary>Windows between nodes that were exchanged.</summary>
    public long Window { get => Volatile.Read(ref _window); set => Volatile.Write(ref _window, value); }

    /// <summary>Everything due before it was handled on all nodes.</summary>
    public VirtualTime Position { get => new(Volatile.Read(ref _position)); set => Volatile.Write(ref _position, value.Picoseconds); }

    /// <summary>That are on this node.</summary>
    public int Groups { get => (int)Volatile.Read(ref _groups); set => Volatile.Write(ref _groups, value); }

    /// <summary>Moves of groups so far.</summary>
    public int Moves { get => (int)Volatile.Read(ref _moves); set => Volatile.Write(ref _moves, value); }

    /// <summary>Null until the nodes have joined.</summary>
    public IFabric? Fabric { get; set; }
}
