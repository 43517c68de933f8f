namespace Trapline.Host.Reports.Clusters;

/// <summary>What <c>runs log --json</c> prints.</summary>
/// <param name="Run">Number of the run.</param>
/// <param name="Commits">All of them, in their order.</param>
internal sealed record RunLog(long Run, IReadOnlyList<RunLogRow> Commits);
