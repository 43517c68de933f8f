using Trapline.Devices.Common;
using R = Trapline.Devices.Arm.Cpu.SgiFrameRegisters;

namespace Trapline.Devices.Arm.Cpu;

/// <summary>
/// A vCPU's half of the GIC as user space reaches it: the parts of KVM's GICv3 device that name a vCPU (spec gicv3-its 9.3). Who routes an
/// attribute here has seen to its group, its MPIDR and to it that no vCPU runs.
/// </summary>
/// <remarks>
/// Lost on the way: what BPR1 holds while CBPR is set, for it then reads as BPR0 says and cannot be written. SPIs and LPIs that the vCPU
/// holds are the board's to read: it recalls them.
/// </remarks>
public sealed class GicCpuUapi(GicCpu cpu)
{
    private const uint SystemRegistersEnabled = 1;

    /// <summary>KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS.</summary>
    /// <param name="encoding">Bits 15:0 of the attribute.</param>
    /// <param name="value">The register; it has no side effects that a guest's read has.</param>
    /// <returns>0; ENXIO where user space has no such register, EINVAL where this CPU interface has not.</returns>
    public int GetSystemRegister(ushort encoding, out ulong value)
    {
        var register = (IccRegister)encoding;
        var result = Find(register);
        value = result == Errno.Success ? cpu.ReadRegister(register) : 0;
        return result;
    }

    /// <inheritdoc cref="GetSystemRegister"/>
    public int SetSystemRegister(ushort encoding, ulong value)
    {
        var register = (IccRegister)encoding;
        var result = Find(register);
        if (result != Errno.Success)
        {
            return result;
        }

        switch (register)
        {
            case IccRegister.Ctlr:
                return SetControl((uint)value);
            case IccRegister.Sre:
                return (value & SystemRegistersEnabled) != 0 ? Errno.Success : Errno.InvalidArgument;
            default:
                cpu.WriteRegister(register, value);
                return Errno.Success;
        }
    }

    /// <summary>
    /// KVM_DEV_ARM_VGIC_GRP_REDIST_REGS, SGI frame. Reads as the guest, but for the pending registers; a register that does not exist is 0.
    /// </summary>
    /// <param name="offset">In the SGI frame.</param>
    public uint GetFrame(uint offset)
    {
        switch (offset)
        {
            case (uint)R.SetPending:
                return cpu.Private.Latched;
            case (uint)R.ClearPending:
                return 0;
            default:
                cpu.ReadFrameSilently(offset, out var value);
                return value;
        }
    }

    /// <summary>Writes as the guest, but for the pending registers: ISPENDR is the latches, all of them; ICPENDR stays.</summary>
    /// <param name="offset">In the SGI frame.</param>
    /// <param name="value">The register.</param>
    public void SetFrame(uint offset, uint value)
    {
        switch (offset)
        {
            case (uint)R.SetPending:
                cpu.Private.Latched = value;
                break;
            case (uint)R.ClearPending:
                break;
            default:
                cpu.WriteFrameSilently(offset, value);
                break;
        }

        cpu.Changed();
    }

    /// <summary>KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO of INTID 0: the wires of level-triggered PPIs.</summary>
    public uint GetLineLevels() => cpu.Private.Levels & ~cpu.Private.Edge;

    /// <summary>Sets the wires of the PPIs, whatever their configuration.</summary>
    public void SetLineLevels(uint levels)
    {
        cpu.Private.Levels = levels;
        cpu.Changed();
    }

    /// <summary>Whether user space has a register, and this CPU interface.</summary>
    private static int Find(IccRegister register)
    {
        switch (register)
        {
            case IccRegister.Pmr or IccRegister.Bpr0 or IccRegister.Bpr1 or IccRegister.Ap0R0 or IccRegister.Ap1R0:
            case IccRegister.Ctlr or IccRegister.Sre or IccRegister.IgrpEn0 or IccRegister.IgrpEn1:
                return Errno.Success;
            case IccRegister.Ap0R1 or IccRegister.Ap0R2 or IccRegister.Ap0R3 or IccRegister.Ap1R1 or IccRegister.Ap1R2 or IccRegister.Ap1R3:
                // They need 6 or 7 bits of priority.
                return Errno.InvalidArgument;
            default:
                return Errno.NoSuchAddress;
        }
    }

    /// <summary>What the VM was saved with may be less than what is here, and then stays so; not more.</summary>
    private int SetControl(uint value)
    {
        var current = cpu.Interface.Identification;
        if ((value & CpuInterface.PriorityBitsField) > (current & CpuInterface.PriorityBitsField)
            || (value & CpuInterface.IdentifierBitsField) > (current & CpuInterface.IdentifierBitsField)
            || ((value ^ current) & CpuInterface.FixedFields) != 0)
        {
            return Errno.InvalidArgument;
        }

        cpu.Interface.Identification = value & (CpuInterface.PriorityBitsField | CpuInterface.IdentifierBitsField | CpuInterface.FixedFields);
        cpu.WriteRegister(IccRegister.Ctlr, value);
        return Errno.Success;
    }
}
