namespace Trapline.Cluster.Coordination;

/// <summary>One node as the cluster knows it. A row once dead never returns: a process that joins again is another member.</summary>
/// <param name="Id">Never used twice.</param>
/// <param name="Node">As announced.</param>
/// <param name="Generation">How often a node of this name has joined, from 1.</param>
/// <param name="State">Whether it counts.</param>
/// <param name="Lapsed">Whether its lease is over by the engine's clock; alone that changes nothing.</param>
/// <param name="Status">What it last said of itself.</param>
public sealed record Member(long Id, NodeAnnouncement Node, int Generation, MemberState State, bool Lapsed, string Status);
