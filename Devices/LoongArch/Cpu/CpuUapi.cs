using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Messages;

namespace Trapline.Devices.LoongArch.Cpu;

/// <summary>
/// One vCPU's interrupts and timer as user space sees them: one-register accesses and KVM_INTERRUPT (Linux
/// arch/loongarch/kvm/vcpu.c). Each answer is 0 or a negative errno; a failed call changes nothing.
/// </summary>
/// <remarks>
/// What does not come through: the queued sets (they are flushed into ESTAT), the fraction of a tick, of the timer and of the
/// counter, an ESTAT bit that was 0 where the new vCPU has it set, how long ago a one-shot timer has fired (TVAL starts anew at
/// its greatest value), the version of a steal-time record that was to be written at the next entry, and the rest of a
/// <c>work</c> instruction in progress, which belongs to the program counter (<see cref="CpuInterrupts.WorkRemaining"/>,
/// <see cref="VcpuRegister.WorkRemaining"/>).
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
        if (id == OneRegister.Counter)
        {
            value = csrs.Timer.VmCounter(now);
            return Errno.Success;
        }

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

        if (id == OneRegister.Counter)
        {
            SetCounter(value, now);
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

    /// <summary>KVM takes the VM's time offset from its first vCPU alone: a VMM that sets it at each would shift the VM by its own delay.</summary>
    private void SetCounter(ulong value, VirtualTime now)
    {
        if (vcpu == 0)
        {
            csrs.Timer.CounterOffset = unchecked(value - csrs.Timer.HostCounter(now));
        }
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
