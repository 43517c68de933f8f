using Trapline.Actors.Kernel;

namespace Trapline.Machines.Boards;

/// <summary>
/// The board <c>arm-virt</c>, after QEMU's machine of the same purpose with GICv3 and ITS.
/// </summary>
public static class ArmVirt
{
    public static SimulationPlan Build(MachineRequest request) => throw new NotSupportedException($"{request}");
}
