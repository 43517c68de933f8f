namespace Trapline.Host.Reports.Clusters;

/// <summary>What <c>runs list --json</c> prints.</summary>
/// <param name="Cluster">Its database, without a password.</param>
/// <param name="Runs">The oldest first.</param>
internal sealed record RunsList(string Cluster, IReadOnlyList<RunRow> Runs);
