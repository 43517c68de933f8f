using Trapline.Actors.Kernel;
using Trapline.Devices.Arm.Profiles;

namespace Trapline.Machines.Boards;

/// <summary>
/// The board <c>arm-virt</c>, after QEMU's machine <c>virt</c> with GICv3 and an ITS: up to 512 vCPUs, each a group with its CPU
/// interface, timers, SGIs and PPIs, and its per-CPU pages, and one group for the board: distributor, redistributors' LPIs, ITS, devices,
/// boundary and the rest of memory.
/// </summary>
public static class ArmVirt
{
    public static SimulationPlan Build(MachineRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var profile = request.Settings.Quirks.ApplyTo((GicProfile)request.Profile);
        return MachinePlan.Build(request with { Profile = profile }, (host, budget) => new ArmHost(request, profile, host, budget));
    }
}
