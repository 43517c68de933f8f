using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Devices.LoongArch.Timer;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Devices.LoongArch.Cpu;

/// <summary>
/// All control and status registers of one LoongArch CPU: its interrupts, its timer, and the registers that only store.
/// Privilege is the caller's to check.
/// </summary>
public sealed class CsrFile
{
    private const uint ExtensionsWritable = 0xF;
    private const uint MiscellaneousWritable = 0x7_FEEE;

    private readonly ulong[] _save = new ulong[Csr.SaveCount];
    private uint _extensions;
    private uint _miscellaneous;
    private uint _badInstruction;

    /// <param name="host">Gets the timer <see cref="ConstantTimer.ExpiryTimer"/> and the reports; no pin is driven.</param>
    /// <param name="profile">Whose behaviour.</param>
    /// <param name="vcpu">The vCPU's number, which TID holds at first.</param>
    /// <param name="tick">Length of a timer tick.</param>
    /// <param name="restore">See <see cref="TimerRestore"/>.</param>
    public CsrFile(
        IDeviceHost host,
        LoongArchProfile profile,
        int vcpu,
        VirtualTime tick,
        TimerRestore restore = TimerRestore.KeepsRemaining)
    {
        Interrupts = new CpuInterrupts(host);
        Timer = new ConstantTimer(new TimerHost(host, Interrupts), profile, tick, (uint)vcpu, restore);
    }

    public CpuInterrupts Interrupts { get; }

    public ConstantTimer Timer { get; }

    /// <summary>Reads a register as the guest does; one that does not exist is 0.</summary>
    public ulong ReadCsr(int number, VirtualTime now) => number switch
    {
        Csr.Euen => _extensions,
        Csr.Misc => _miscellaneous,
        Csr.Badi => _badInstruction,
        >= Csr.Save0 and < Csr.Save0 + Csr.SaveCount => _save[number - Csr.Save0],
        >= Csr.Tid and <= Csr.Ticlr => Timer.ReadCsr(number, now),
        Csr.Estat => ReadStatus(now),
        _ => Interrupts.ReadCsr(number),
    };

    /// <summary>
    /// Writes a register as the guest does: bits that are read-only or do not exist stay, and so does a register that is
    /// read-only (BADI, CPUID, TVAL) or does not exist.
    /// </summary>
    public void WriteCsr(int number, ulong value, VirtualTime now)
    {
        switch (number)
        {
            case Csr.Euen:
                _extensions = (uint)value & ExtensionsWritable;
                break;
            case Csr.Misc:
                _miscellaneous = (uint)value & MiscellaneousWritable;
                break;
            case >= Csr.Save0 and < Csr.Save0 + Csr.SaveCount:
                _save[number - Csr.Save0] = value;
                break;
            case >= Csr.Tid and <= Csr.Ticlr:
                Timer.WriteCsr(number, value, now);
                break;
            default:
                Interrupts.WriteCsr(number, value);
                break;
        }
    }

    /// <summary>Writes the bits in <paramref name="mask"/> and leaves the others.</summary>
    /// <returns>The whole old value.</returns>
    public ulong ExchangeCsr(int number, ulong value, ulong mask, VirtualTime now)
    {
        var old = ReadCsr(number, now);
        WriteCsr(number, (old & ~mask) | (value & mask), now);
        return old;
    }

    /// <summary>To be called each time the vCPU goes into the guest: queued line changes and restored timers take effect.</summary>
    public void EnterGuest(VirtualTime now)
    {
        Timer.Resume(now);
        Interrupts.ApplyAtGuestEntry();
    }

    /// <summary>To be called when KVM_RUN has returned because user space stops the vCPU.</summary>
    public void LeaveRun(VirtualTime now) => Timer.Hold(now);

    /// <summary>All state, as rows without side effects.</summary>
    public void SyncState(StateSync sync)
    {
        sync.Begin("interrupts");
        Interrupts.SyncState(sync);
        sync.End();
        sync.Begin("timer");
        Timer.SyncState(sync);
        sync.End();
        sync.Row("EUEN", ref _extensions);
        sync.Row("MISC", ref _miscellaneous);
        sync.Row("BADI", ref _badInstruction);
        sync.Row("SAVE", _save);
        if (sync.Loading && ((_extensions & ~ExtensionsWritable) != 0 || (_miscellaneous & ~MiscellaneousWritable) != 0))
        {
            throw new StateFormatException($"row 'EUEN' or 'MISC': 0x{_extensions:x}, 0x{_miscellaneous:x} have bits that do not exist");
        }
    }

    /// <summary>Set-one-register of BADI, which the guest cannot write.</summary>
    internal void SetBadInstruction(uint value) => _badInstruction = value;

    /// <summary>TI shows in ESTAT as soon as the timer has expired.</summary>
    private ulong ReadStatus(VirtualTime now)
    {
        Timer.Expire(now);
        return Interrupts.ReadCsr(Csr.Estat);
    }

    /// <summary>Leads the timer's pin to the CPU's own TI line; all else goes to the host.</summary>
    private sealed class TimerHost(IDeviceHost host, CpuInterrupts interrupts) : IDeviceHost
    {
        public bool Listening => host.Listening;

        public void DrivePin(int pin, bool level) => interrupts.DriveTimer(level);

        public void ArmTimer(int timer, VirtualTime due) => host.ArmTimer(timer, due);

        public void CancelTimer(int timer) => host.CancelTimer(timer);

        public void Report(in DeviceReport report) => host.Report(report);
    }
}
