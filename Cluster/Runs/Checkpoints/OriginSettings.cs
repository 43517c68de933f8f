using Trapline.Machines.Scenarios;

namespace Trapline.Cluster.Runs.Checkpoints;

/// <summary>What a run was asked for beside its files, as far as it decides what the run finds.</summary>
/// <param name="Overrides">What the command line says differently from the scenario's file.</param>
/// <param name="Smoke">It runs for its smoke length.</param>
/// <param name="Invariants">They are watched over.</param>
internal sealed record OriginSettings(ScenarioOverrides Overrides, bool Smoke, bool Invariants);
