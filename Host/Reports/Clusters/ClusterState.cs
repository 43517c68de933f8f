namespace Trapline.Host.Reports.Clusters;

/// <summary>What <c>cluster status --json</c> prints.</summary>
/// <param name="Cluster">Its database, without a password.</param>
/// <param name="Members">That live, and those that died last.</param>
/// <param name="Runs">That are not over.</param>
internal sealed record ClusterState(string Cluster, IReadOnlyList<MemberRow> Members, IReadOnlyList<RunRow> Runs);
