namespace Trapline.Cluster.Coordination;

/// <summary>What a node says of itself when it joins.</summary>
/// <param name="Name">Chosen by its user; letters, digits, '-', '_' and '.', at most 64.</param>
/// <param name="Endpoint">The URL at which other nodes reach it.</param>
/// <param name="Build">Identifies what decides results: nodes of other builds get none of a run's groups.</param>
/// <param name="Threads">That it runs groups on.</param>
public sealed record NodeAnnouncement(string Name, string Endpoint, string Build, int Threads);
