namespace Trapline.Cluster.Coordination;

/// <summary>A run as it is handed to a cluster.</summary>
/// <param name="Name">Of the scenario, for people.</param>
/// <param name="Build">That it belongs to.</param>
/// <param name="Specification">All that is needed to run it; at most <see cref="CoordinationLimits.SpecificationBytes"/>.</param>
/// <param name="Plan">The first state of its plan, text.</param>
public sealed record RunSubmission(string Name, string Build, byte[] Specification, string Plan);
