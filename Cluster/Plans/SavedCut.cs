namespace Trapline.Cluster.Plans;

/// <summary>A checkpoint that a job can begin at.</summary>
/// <param name="Id">In the store.</param>
/// <param name="AtPs">The cut, picoseconds.</param>
/// <param name="Attempt">That it was cut in.</param>
/// <param name="Number">Of the cut within the attempt.</param>
internal sealed record SavedCut(string Id, long AtPs, int Attempt, int Number);
