namespace Trapline.Cluster.Clients;

/// <summary>What has become of a wish that groups be elsewhere, or that something be done to the simulation.</summary>
/// <param name="Done">It was done.</param>
/// <param name="Text">What, and how long the run stood still; or why not.</param>
public sealed record RequestOutcome(bool Done, string Text);
