using Trapline.Machines.Results;

namespace Trapline.Cluster.Clients;

/// <summary>What a run of several seeds has of one of them.</summary>
/// <param name="Seed">Which.</param>
/// <param name="Report">Of all its variants; null where one of them has no results.</param>
/// <param name="Problem">Why a variant could not be carried out; empty where none failed.</param>
public sealed record SeedOutcome(ulong Seed, RunReport? Report, string Problem);
