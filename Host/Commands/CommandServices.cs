using Trapline.Cluster.Runs;
using Trapline.Machines.Boards;
using Trapline.Machines.Results;
using Trapline.Machines.Scenarios;

namespace Trapline.Host.Commands;

/// <summary>What commands call to do the work; a test puts its own there.</summary>
internal sealed record CommandServices(
    Func<RunRequest, RunControl, RunReport> Run,
    Func<RunRequest, Func<ulong, RunControl, RunReport>> RunForSeeds,
    Func<Scenario, IReadOnlyList<Topology>> Check)
{
    public static readonly CommandServices Real = new(RunSession.Run, RunSession.ForSeeds, ScenarioCheck.Check);
}
