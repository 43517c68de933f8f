namespace Trapline.Host.Reports.Clusters;

/// <summary>What <c>cluster down --json</c> prints.</summary>
/// <param name="Folder">Of the cluster.</param>
/// <param name="Nodes">That were started there.</param>
internal sealed record ClusterDown(string Folder, IReadOnlyList<ClusterDownNode> Nodes);
