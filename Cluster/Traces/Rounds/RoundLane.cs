namespace Trapline.Cluster.Traces.Rounds;

/// <summary>What happened to one vCPU with its IPI unit, or to one device.</summary>
/// <param name="Name">Of the actor.</param>
/// <param name="IsVcpu">Whether it is a vCPU.</param>
/// <param name="Items">In order of their ends.</param>
public sealed record RoundLane(string Name, bool IsVcpu, IReadOnlyList<RoundItem> Items);
