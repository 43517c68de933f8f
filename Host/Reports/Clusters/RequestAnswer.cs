namespace Trapline.Host.Reports.Clusters;

/// <summary>What <c>move --json</c> and <c>migrate RUN --json</c> print.</summary>
/// <param name="Run">Number of the run.</param>
/// <param name="Done">It was done.</param>
/// <param name="Answer">What, when, and how long the run stood still; or why not.</param>
internal sealed record RequestAnswer(long Run, bool Done, string Answer);
