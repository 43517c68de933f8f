namespace Trapline.Machines.Replay;

/// <summary>What <c>replay</c> prints.</summary>
/// <param name="Files">One row a file, in the order in which they were named.</param>
public sealed record ReplayReport(IReadOnlyList<ReplayFile> Files);
