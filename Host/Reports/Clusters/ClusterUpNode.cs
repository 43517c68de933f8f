namespace Trapline.Host.Reports.Clusters;

/// <summary>A node that was started.</summary>
/// <param name="Name">As it joined.</param>
/// <param name="Process">Number of its process.</param>
/// <param name="Endpoint">Where other nodes reach it.</param>
/// <param name="Log">Its file.</param>
internal sealed record ClusterUpNode(string Name, int Process, string Endpoint, string Log);
