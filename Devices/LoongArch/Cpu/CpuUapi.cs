using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Messages;

namespace Trapline.Devices.LoongArch.Cpu;

/// <summary>
/// One vCPU's interrupts and timer as user space sees them: one-register accesses and KVM_INTERRUPT (Linux
/// arch/loongarch/kvm/vcpu.c). Each answer is 0 or a negative errno; a failed call changes nothing.
/// </summary>
/// <remarks>
/// What does not come through: the queued sets (they are flushed into ESTAT), the fraction of a tick, an ESTAT bit that
/// was 0 where the new vCPU has it set, and the rest of a <c>work</c> instruction in progress, which belongs to the
/// program counter (<see cref="CpuInterrupts.WorkRemaining"/>).
/// </remarks>
/// <param name="csrs">The vCPU's registers.</param>
/// <param name="ids">Of the VM.</param>
/// <param name="vcpu">Its index.</param>
/// <param name="stealTime">What the reset makes KVM forget; null where nothing is kept.</param>
public sealed class CpuUapi(CsrFile csrs, CpuIdMap ids, int vcpu, StealTime? stealTime = null)
{
    /// <summary>KVM_GET_ONE_REG of a 64-bit register.</summary>
    public int GetOneRegister(ulong id, VirtualTime now, out ulong value)
    {
        value = 0;
        if (!OneRegister.TryGetCsr(id, out var number) || CsrNames.NameOf(number) is null)
        {
            return Errno.InvalidArgument;
        }

        if (number == Csr.Estat)
        {
            csrs.Interrupts.ApplyAtGuestEntry();
        }

        value = csrs.ReadCsr(number, now);
        return Errno.Success;
    }

    /// <summary>KVM_SET_ONE_REG of a 64-bit register.</summary>
    public int SetOneRegister(ulong id, ulong value, VirtualTime now)
    {
        if (id == OneRegister.VcpuReset)
        {
            csrs.Interrupts.ResetQueueAndStatus();
            stealTime?.Reset();
            return Errno.Success;
        }

        if (!OneRegister.TryGetCsr(id, out var number) || CsrNames.NameOf(number) is null)
        {
            return Errno.InvalidArgument;
        }

        switch (number)
        {
            case Csr.CpuId:
                return SetCpuId(value);
            case Csr.Estat:
                csrs.Interrupts.AddStatus(value);
                break;
            case Csr.Badi:
                csrs.SetBadInstruction((uint)value);
                break;
            case Csr.Tcfg:
                csrs.Timer.RestoreConfiguration(value, now);
                break;
            case Csr.Tval:
                csrs.Timer.RestoreCount(value, now);
                break;
            case Csr.Ticlr:
                // Not among the registers that KVM loads into the guest: TI is restored with ESTAT.
                break;
            default:
                csrs.WriteCsr(number, value, now);
                break;
        }

        return Errno.Success;
    }

    /// <summary>
    /// KVM_INTERRUPT: a positive number queues the line, a negative one queues its fall. The caller kicks the vCPU.
    /// </summary>
    public int Interrupt(int number)
    {
        // KVM itself checks for 0 alone, and a number past its bit set corrupts memory.
        if (number is 0 or >= CpuLines.Count or <= -CpuLines.Count)
        {
            return Errno.InvalidArgument;
        }

        if (number > 0)
        {
            csrs.Interrupts.Queue(number);
        }
        else
        {
            csrs.Interrupts.Dequeue(-number);
        }

        return Errno.Success;
    }

    private int SetCpuId(ulong value)
    {
        var result = ids.TryAssign(vcpu, value);
        if (result == Errno.Success)
        {
            csrs.Interrupts.PhysicalId = value;
        }

        return result;
    }
}
