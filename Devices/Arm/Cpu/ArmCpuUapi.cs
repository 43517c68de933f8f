using Trapline.Devices.Arm.Timer;
using Trapline.Devices.Common;
using Trapline.Messages;

namespace Trapline.Devices.Arm.Cpu;

/// <summary>
/// An arm64 vCPU as user space sees it: KVM_GET_ONE_REG and KVM_SET_ONE_REG for all but its general registers and program counter, which
/// are the caller's. The registers of its GIC are attributes of the GIC's device (<see cref="GicCpuUapi"/>).
/// </summary>
/// <remarks>
/// Lost on the way: the fraction of a tick of the counters, and whether the timer of a stopped vCPU had run out but not been seen. The rest
/// of a <c>work</c> instruction in progress has an id of this simulator, WORK_EL1 for the saved one; the present one goes with the
/// program counter.
/// </remarks>
public sealed class ArmCpuUapi(ArmCpuState state, GenericTimer timer)
{
    /// <returns>0, or ENOENT for an id that does not exist.</returns>
    public int GetOneRegister(ulong id, VirtualTime now, out ulong value)
    {
        var isKnown = id switch
        {
            ArmOneRegister.Status => Give(state.Status, out value),
            ArmOneRegister.StackPointer => state.TryRead(SystemRegister.SpEl0, out value),
            ArmOneRegister.ReturnAddress => state.TryRead(SystemRegister.ElrEl1, out value),
            ArmOneRegister.SavedStatus => state.TryRead(SystemRegister.SpsrEl1, out value),
            ArmOneRegister.VirtualCounter => Give(timer.VirtualCount(now), out value),
            ArmOneRegister.PhysicalCounter => Give(timer.PhysicalCount(now), out value),
            ArmOneRegister.VirtualCompare => timer.TryRead(SystemRegister.CntvCvalEl0, now, out value),
            ArmOneRegister.VirtualControl => timer.TryRead(SystemRegister.CntvCtlEl0, now, out value),
            ArmOneRegister.PhysicalCompare => timer.TryRead(SystemRegister.CntpCvalEl0, now, out value),
            ArmOneRegister.PhysicalControl => timer.TryRead(SystemRegister.CntpCtlEl0, now, out value),
            _ => GetSystem(id, now, out value),
        };
        return isKnown ? Errno.Success : Errno.NoSuchEntry;
    }

    /// <returns>0; ENOENT for an id that does not exist, EINVAL for a value that the register cannot take; then nothing changed.</returns>
    public int SetOneRegister(ulong id, ulong value, VirtualTime now)
    {
        switch (id)
        {
            case ArmOneRegister.Status:
                return state.TrySetStatus(value) ? Errno.Success : Errno.InvalidArgument;
            case ArmOneRegister.VirtualCounter:
                timer.SetVirtualCount(value, now);
                return Errno.Success;
            case ArmOneRegister.PhysicalCounter:
                timer.SetPhysicalCount(value, now);
                return Errno.Success;
        }

        var isKnown = id switch
        {
            ArmOneRegister.StackPointer => state.TryWrite(SystemRegister.SpEl0, value),
            ArmOneRegister.ReturnAddress => state.TryWrite(SystemRegister.ElrEl1, value),
            ArmOneRegister.SavedStatus => state.TryWrite(SystemRegister.SpsrEl1, value),
            ArmOneRegister.VirtualCompare => timer.TryWrite(SystemRegister.CntvCvalEl0, value, now),
            ArmOneRegister.VirtualControl => timer.TryWrite(SystemRegister.CntvCtlEl0, value, now),
            ArmOneRegister.PhysicalCompare => timer.TryWrite(SystemRegister.CntpCvalEl0, value, now),
            ArmOneRegister.PhysicalControl => timer.TryWrite(SystemRegister.CntpCtlEl0, value, now),
            _ => SetSystem(id, value, now),
        };
        return isKnown ? Errno.Success : GetOneRegister(id, now, out var fixedValue) != Errno.Success ? Errno.NoSuchEntry
            : fixedValue == value ? Errno.Success : Errno.InvalidArgument;
    }

    /// <summary>Registers that KVM saves: no view of something else, and none that has an id of its own.</summary>
    private static bool IsSaved(ushort encoding) => encoding switch
    {
        SystemRegister.CurrentEl or SystemRegister.Daif or SystemRegister.IsrEl1 => false,
        SystemRegister.SpEl0 or SystemRegister.ElrEl1 or SystemRegister.SpsrEl1 => false,
        SystemRegister.CntkctlEl1 => true,
        _ => !SystemRegister.IsTimer(encoding),
    };

    private static bool Give(ulong from, out ulong value)
    {
        value = from;
        return true;
    }

    private bool GetSystem(ulong id, VirtualTime now, out ulong value)
    {
        value = 0;
        return ArmOneRegister.TryGetSystem(id, out var encoding) && IsSaved(encoding)
            && (state.TryRead(encoding, out value) || timer.TryRead(encoding, now, out value));
    }

    private bool SetSystem(ulong id, ulong value, VirtualTime now) =>
        ArmOneRegister.TryGetSystem(id, out var encoding) && IsSaved(encoding)
            && (state.TryWrite(encoding, value) || timer.TryWrite(encoding, value, now));
}
