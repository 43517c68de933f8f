using Trapline.Messages;

namespace Trapline.Cluster.Fabric;

/// <summary>What a node says of itself at the end of a window.</summary>
/// <param name="Window">The window's number; the same on all nodes, or the exchange fails.</param>
/// <param name="NextDue">
/// The least due time over the node's groups, including what it sends with this very exchange; not negative.
/// </param>
/// <param name="Stop">The virtual time at which all must stop as far as this node knows, or <see cref="VirtualTime.Never"/>; not negative.</param>
/// <param name="Flags">Carried, not interpreted.</param>
public readonly record struct WindowSummary(long Window, VirtualTime NextDue, VirtualTime Stop, uint Flags);
