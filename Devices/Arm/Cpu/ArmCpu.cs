using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Arm.Timer;
using Trapline.Devices.Common;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Cpu;

/// <summary>
/// An arm64 CPU but for its general registers and program: exceptions, its half of the GIC, its timer, and the wires between them. All
/// system registers are reached through it, none of them traps but those that ask for SGIs.
/// </summary>
public sealed class ArmCpu
{
    /// <param name="host">
    /// Gets the timers <see cref="GenericTimer.VirtualTimer"/> and <see cref="GenericTimer.PhysicalTimer"/>, the reports, and what the GIC says
    /// to the board. The lines are driven to it too, once the CPU has them.
    /// </param>
    /// <param name="profile">Whose behaviour.</param>
    /// <param name="id">The vCPU's id.</param>
    /// <param name="tick">Length of a tick of the counters.</param>
    /// <param name="interrupts">INTIDs of the distributor with the private ones.</param>
    public ArmCpu(IGicCpuHost host, GicProfile profile, int id, VirtualTime tick, int interrupts = InterruptIds.FirstSpecial)
    {
        State = new ArmCpuState(id);
        Gic = new GicCpu(new LineHost(host, State), profile, id, interrupts);
        Timer = new GenericTimer(new TimerHost(host, Gic), tick);
    }

    public ArmCpuState State { get; }

    public GicCpu Gic { get; }

    public GenericTimer Timer { get; }

    /// <summary>Reads a system register as the guest does, by its encoding; ICC_IAR0_EL1 and ICC_IAR1_EL1 acknowledge.</summary>
    /// <returns>False where it does not exist, cannot be read, or not at this exception level: an undefined instruction.</returns>
    public bool TryReadRegister(ushort encoding, VirtualTime now, out ulong value)
    {
        value = 0;
        if (!IsAllowed(encoding))
        {
            return false;
        }

        if (SystemRegister.IsCpuInterface(encoding))
        {
            Timer.Expire(now);
            value = Gic.ReadRegister((IccRegister)encoding);
            return IccRegisters.IsReadable((IccRegister)encoding);
        }

        if (encoding == SystemRegister.IsrEl1)
        {
            Timer.Expire(now);
        }

        return SystemRegister.IsTimer(encoding) ? Timer.TryRead(encoding, now, out value) : State.TryRead(encoding, out value);
    }

    /// <summary>Writes a system register as the guest does. Those that ask for SGIs are the caller's to carry out: nothing happens here.</summary>
    /// <inheritdoc cref="TryReadRegister"/>
    public bool TryWriteRegister(ushort encoding, ulong value, VirtualTime now)
    {
        if (!IsAllowed(encoding) || (ExceptionLevelIsUser && encoding == SystemRegister.TpidrroEl0))
        {
            return false;
        }

        if (SystemRegister.IsCpuInterface(encoding))
        {
            Timer.Expire(now);
            Gic.WriteRegister((IccRegister)encoding, value);
            return IccRegisters.IsWritable((IccRegister)encoding);
        }

        return SystemRegister.IsTimer(encoding) ? Timer.TryWrite(encoding, value, now) : State.TryWrite(encoding, value);
    }

    /// <summary>PSCI CPU_ON: the CPU is as after reset; its redistributor and the counters stay.</summary>
    public void Reset(VirtualTime now)
    {
        State.Reset();
        Timer.Reset(now);
        Gic.ResetInterface();
    }

    /// <summary>All state, as rows without side effects.</summary>
    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Begin("cpu");
        State.SyncState(sync);
        sync.End();
        sync.Begin("gic");
        Gic.SyncState(sync);
        sync.End();
        sync.Begin("timer");
        Timer.SyncState(sync);
        sync.End();
        if (sync.Loading && !State.HasLines(Gic.IrqLine, Gic.FiqLine))
        {
            throw new StateFormatException("rows 'IRQ' and 'FIQ' are not what the CPU interface signals");
        }
    }

    private bool ExceptionLevelIsUser => State.ExceptionLevel == 0;

    private bool IsAllowed(ushort encoding) =>
        !ExceptionLevelIsUser || (SystemRegister.IsTimer(encoding) ? Timer.IsOpenToUser(encoding) : SystemRegister.IsOfUser(encoding));

    /// <summary>Leads the lines of the CPU interface to the CPU.</summary>
    private sealed class LineHost(IGicCpuHost host, ArmCpuState state) : IGicCpuHost
    {
        public bool Listening => host.Listening;

        public void DrivePin(int pin, bool level)
        {
            state.DriveLine(pin, level);
            host.DrivePin(pin, level);
        }

        public void ArmTimer(int timer, VirtualTime due) => host.ArmTimer(timer, due);

        public void CancelTimer(int timer) => host.CancelTimer(timer);

        public void Report(in DeviceReport report) => host.Report(in report);

        public void Release(int interruptId, uint sequence) => host.Release(interruptId, sequence);

        public void Deactivate(in Deactivation deactivation) => host.Deactivate(in deactivation);

        public void Ended(int interruptId) => host.Ended(interruptId);
    }

    /// <summary>Leads the outputs of the timer to its PPIs.</summary>
    private sealed class TimerHost(IDeviceHost host, GicCpu gic) : IDeviceHost
    {
        public bool Listening => host.Listening;

        public void DrivePin(int pin, bool level) => gic.DrivePpi(pin, level);

        public void ArmTimer(int timer, VirtualTime due) => host.ArmTimer(timer, due);

        public void CancelTimer(int timer) => host.CancelTimer(timer);

        public void Report(in DeviceReport report) => host.Report(in report);
    }
}
