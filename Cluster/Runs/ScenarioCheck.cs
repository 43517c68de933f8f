using Trapline.Machines.Boards;
using Trapline.Machines.Scenarios;

namespace Trapline.Cluster.Runs;

/// <summary>Everything about a scenario that can be found out without running it.</summary>
public static class ScenarioCheck
{
    /// <summary>Assembles the guest for every variant and builds the machines.</summary>
    /// <exception cref="RunException">Something is wrong; the message lists all errors, one per line.</exception>
    public static IReadOnlyList<Topology> Check(Scenario scenario) => throw new RunException("being written");
}
