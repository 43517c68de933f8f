namespace Trapline.Host.Reports.Clusters;

/// <summary>What <c>cluster up --json</c> prints.</summary>
/// <param name="Cluster">Its database, without a password.</param>
/// <param name="Folder">Where logs and numbers of processes are.</param>
/// <param name="Nodes">All members by now.</param>
internal sealed record ClusterUp(string Cluster, string Folder, IReadOnlyList<ClusterUpNode> Nodes);
