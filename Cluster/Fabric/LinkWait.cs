namespace Trapline.Cluster.Fabric;

/// <summary>What a node waits for at this moment.</summary>
/// <param name="Sequence">The number of the exchange, counted from 1; it only grows.</param>
/// <param name="Window">The window that ends there; null at a phase.</param>
/// <param name="Step">The point of the run in words: "window 7", "phase 'results'".</param>
/// <param name="Elapsed">For how long.</param>
/// <param name="Peers">The nodes whose frames are missing, ascending, at least one.</param>
public sealed record LinkWait(long Sequence, long? Window, string Step, TimeSpan Elapsed, IReadOnlyList<int> Peers);
