using Trapline.Actors.Kernel;

namespace Trapline.Machines.Boards;

/// <summary>How a machine lies on modelled hosts, for <c>validate</c>.</summary>
/// <param name="Groups">How many groups each host has, the board's on the first.</param>
/// <param name="Latency">From one host to another, as text.</param>
public sealed record TopologyHosts(IReadOnlyList<int> Groups, string Latency)
{
    /// <summary>Null where the machine is on one host and the scenario does not speak of hosts.</summary>
    public static TopologyHosts? Of(SimulationPlan plan, MachineSettings machine)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(machine);
        return machine.Hosts is { } hosts
            ? new([.. Enumerable.Range(0, hosts.Count).Select(host => plan.Groups.Count(group => group.Host == host))], hosts.Latency.ToString())
            : null;
    }
}
