using Trapline.Actors.Kernel;
using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Machines.Boards;

/// <summary>
/// The board <c>loongarch-virt</c>, after QEMU's machine of the same purpose: up to 256 vCPUs, each a group with its IPI
/// unit, timer and per-CPU pages, and one group for the board: the shared interrupt controllers, devices, boundary and the
/// rest of memory.
/// </summary>
public static class LoongArchVirt
{
    public static SimulationPlan Build(MachineRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var profile = request.Settings.Quirks.ApplyTo((LoongArchProfile)request.Profile);
        return MachinePlan.Build(request with { Profile = profile }, (host, budget) => new LoongArchHost(request, profile, host, budget));
    }
}
