namespace Trapline.Cluster.Coordination;

/// <summary>The row of a run: the only authority over it.</summary>
/// <param name="Id">From 1.</param>
/// <param name="Name">Of the scenario.</param>
/// <param name="Build">That it belongs to.</param>
/// <param name="Phase">Whether anything is left to do.</param>
/// <param name="Epoch">Raised by every new holder and every eviction; 0 while it was never held.</param>
/// <param name="Holder">Member; null where nobody holds it.</param>
/// <param name="HolderLapsed">Whether the holder's lease is over by the engine's clock, or the holder is no longer a live member.</param>
/// <param name="Revision">Raised by every commit, and by every lease that is taken.</param>
/// <param name="Plan">Its state: text that the engine does not look into.</param>
public sealed record RunRow(long Id, string Name, string Build, RunPhase Phase, long Epoch, long? Holder, bool HolderLapsed, long Revision, string Plan);
