using Trapline.Actors.Devices;
using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Ownership;

namespace Trapline.Actors.Arm;

/// <summary>What a GIC sends in the course of an operation, as the outputs of a device actor: what it is in the top byte of the address, the vCPU in the low bits.</summary>
internal static class GicOutputs
{
    private const int KindShift = 56;
    private const int InterruptShift = 16;
    private const int BlockBits = 32;

    /// <summary>A hand-over; the number is the packed hand-over.</summary>
    public static DeviceOutput Hand(int vcpu, in Handover handover) => Of(GicStep.Hand, handover.Packed, (ulong)vcpu);

    /// <summary>A recall; the number is its mask.</summary>
    public static DeviceOutput Recall(in Recall recall) =>
        Of(GicStep.Recall, recall.Mask, (uint)recall.Vcpu | ((ulong)(uint)recall.FirstInterrupt << InterruptShift));

    /// <summary>The enables of GICD_CTLR, for every vCPU.</summary>
    public static DeviceOutput Enable(uint groups) => Of(GicStep.Enable, groups, 0);

    /// <summary>A level-triggered SPI was deactivated.</summary>
    public static DeviceOutput Ended(int interruptId) => Of(GicStep.Ended, (ulong)interruptId, 0);

    /// <summary>ITS commands are to be paid for.</summary>
    public static DeviceOutput Pay(ulong commands) => Of(GicStep.Pay, commands, 0);

    /// <summary>The board has stopped between two steps and waits for nothing.</summary>
    public static DeviceOutput GoOn() => Of(GicStep.GoOn, 0, 0);

    /// <summary>All vCPUs but one are to leave the guest.</summary>
    public static DeviceOutput Halt(int leftOut) => Of(GicStep.Halt, 0, (ulong)leftOut);

    public static GicStep StepOf(in DeviceOutput output) => (GicStep)(byte)(output.Address >> KindShift);

    public static int VcpuOf(in DeviceOutput output) => (ushort)output.Address;

    public static Recall RecallOf(in DeviceOutput output) => new(VcpuOf(in output), (ushort)(output.Address >> InterruptShift), (uint)output.Number);

    /// <summary>Whether an output that comes from saved state is one that a GIC of so many vCPUs can have.</summary>
    public static bool IsValid(in DeviceOutput output, int vcpus) => VcpuOf(in output) < vcpus && StepOf(in output) switch
    {
        GicStep.Hand => (ushort)output.Number is var id && (InterruptIds.IsSpi(id) || InterruptIds.IsLpi(id)),
        GicStep.Recall => output.Number is not 0 and <= uint.MaxValue && RecallOf(in output).FirstInterrupt is var first && first >= InterruptIds.FirstSpi && first % BlockBits == 0,
        GicStep.Enable => output.Number <= 7,
        GicStep.Ended => InterruptIds.IsSpi((int)Math.Min(output.Number, int.MaxValue)),
        GicStep.Pay => output.Number <= int.MaxValue,
        GicStep.GoOn or GicStep.Halt => true,
        _ => false,
    };

    private static DeviceOutput Of(GicStep step, ulong number, ulong address) => new(number, step == GicStep.Hand, address | ((ulong)step << KindShift));
}
