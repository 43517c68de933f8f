namespace Trapline.Host.Reports.Clusters;

/// <summary>What <c>run --cluster --detach --json</c> prints.</summary>
/// <param name="Run">Its number.</param>
/// <param name="Cluster">Where, without a password.</param>
internal sealed record RunSubmitted(long Run, string Cluster);
