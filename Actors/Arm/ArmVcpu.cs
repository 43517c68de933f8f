using Trapline.Actors.Devices;
using Trapline.Actors.Guests;
using Trapline.Actors.Statistics;
using Trapline.Actors.Vcpus;
using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Arm.Timer;
using Trapline.Devices.Common;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Arm;

/// <summary>
/// An arm64 vCPU under KVM: exceptions, CPU interface and timers are in hardware and trap nothing; registers in memory, writes that
/// ask for SGIs, HVC, SMC and WFI leave the guest.
/// </summary>
public sealed partial class ArmVcpu : VcpuActor, IGicCpuHost
{
    /// <summary>x0 is the first register after xzr.</summary>
    private const byte X0 = 1;

    private readonly GicProfile _profile;
    private readonly VcpuIds _ids;
    private readonly int _interrupts;
    private readonly ArmCpu _cpu;
    private readonly ArmCpuUapi _uapi;
    private readonly GicCpuUapi _gicUapi;
    private readonly ArmAddressMap _map;
    private readonly ActorAddress _gic;

    // The guest reads or writes a system register: what its CPU interface then signals it sees at once.
    private bool _isOwnAccess;

    /// <param name="settings">What every vCPU is made of.</param>
    /// <param name="profile">Whose behaviour its GIC has.</param>
    /// <param name="ids">Of the machine's vCPUs.</param>
    /// <param name="placement">Whether there is a lock between vCPUs and the devices of user space.</param>
    /// <param name="interrupts">INTIDs of the machine's distributor.</param>
    public ArmVcpu(VcpuSettings settings, GicProfile profile, VcpuIds ids, DevicePlacement placement, int interrupts = GicTopology.StandardInterrupts)
        : base(new ActorAddress(settings?.Machine ?? 0, ActorRole.Vcpu, settings?.Index ?? 0), settings!, GenericTimer.TimerCount)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(ids);
        if (Settings.IsBareMetal || Settings.Program.Architecture != GuestArchitecture.Arm)
        {
            throw new ArgumentException($"an ARM vCPU runs guests for arm under KVM; this one is for {Settings.Program.Architecture}{(Settings.IsBareMetal ? ", without a hypervisor" : "")}", nameof(settings));
        }

        (_profile, _ids, _interrupts) = (profile, ids, interrupts);
        _cpu = NewCpu();
        _uapi = new ArmCpuUapi(_cpu.State, _cpu.Timer);
        _gicUapi = new GicCpuUapi(_cpu.Gic);
        _map = new ArmAddressMap(Settings.Machine, Settings.Count, placement, Settings.HasPeers);
        _gic = new ActorAddress(Settings.Machine, ActorRole.Gic, 0);
        Array.Fill(_privateOrigins, VirtualTime.Never.Picoseconds);
    }

    bool IDeviceHost.Listening => true;

    /// <summary>The CPU but for its general registers, for those who look at it after a run.</summary>
    public ArmCpu Cpu => _cpu;

    /// <summary>Bit 0 is IRQ, bit 1 FIQ, as the CPU interface signals them.</summary>
    protected internal override uint Lines => (_cpu.Gic.IrqLine ? 1u : 0) | (_cpu.Gic.FiqLine ? 2u : 0);

    /// <summary>WFI ends whatever PSTATE masks.</summary>
    protected internal override uint EnabledLines => 3;

    protected override ActorAddress UserSpace => _map.UserSpace;

    protected override bool WakesFromIdle => _cpu.Gic.MightWake;

    protected override int IdleReason => ExitReasons.WaitForInterrupt;

    protected override ulong WorkRemaining
    {
        get => _cpu.State.WorkRemaining;
        set => _cpu.State.WorkRemaining = value;
    }

    private int Id => _ids.IdOf(Settings.Index);

    protected override bool IsInKernel(ActorAddress device) => _map.IsInKernel(device);

    void IDeviceHost.ArmTimer(int timer, VirtualTime due)
    {
        ArmTimer(timer, due);
        LimitChanged();
    }

    void IDeviceHost.CancelTimer(int timer) => CancelTimer(timer);

    /// <summary>
    /// The CPU interface signals, or signals no more. In the guest a rise that something else has caused takes the vCPU out first: its
    /// list registers, and the state of its timers, are loaded at the entry.
    /// </summary>
    void IDeviceHost.DrivePin(int pin, bool level)
    {
        _heldBack |= level && InGuest && !_isOwnAccess;
        RefreshInterruptWanted();
    }

    protected override void SyncArchitecture(StateSync sync)
    {
        _cpu.SyncState(sync);
        SyncArrivals(sync);
        SyncSgi(sync);
        SyncPsci(sync);
        SyncReports(sync);
        SyncCounter(sync);
        if (sync.Loading)
        {
            RefreshInterruptWanted();
        }
    }

    protected override void HandleTimer(int timer)
    {
        // The host's own timer interrupt, for a timer of the guest's that its hardware compares.
        _cpu.Timer.Expire(Now);
        PullOutNow();
    }

    protected override void ApplyQueuedLines()
    {
        TakeArrivals();
        _heldBack = false;
        _cpu.Timer.Resume(Now);
        RefreshInterruptWanted();
    }

    protected override void LeavesGuest() => TakeArrivals();

    /// <summary>KVM_IRQ_LINE of a PPI.</summary>
    protected override void QueueLine(int line, bool level, InterruptSource source, VirtualTime origin)
    {
        _cause = CauseOf(source, origin);
        _cpu.Gic.DrivePpi(line, level);
        _cause = null;
        RefreshInterruptWanted();
    }

    /// <summary>A load from a device extends as one from memory does.</summary>
    protected override ulong CompleteRead(ActorAddress target, ulong old, ulong value, int bytes) => BusValue.SignExtend(value, bytes);

    protected override void TakeInterrupt(VirtualTime now)
    {
        var from = Pc;
        var interruptId = _cpu.Gic.HighestPending.InterruptId;
        Redirect(_cpu.State.TakeInterrupt(from, out var pin));
        _cpu.Gic.NoteTaken(pin);
        RefreshInterruptWanted();
        NoteInterrupt(interruptId, from, (byte)(pin + 1));
        NoteLines(Address);
    }

    protected override void LoadedAnew()
    {
    }

    protected override bool TryServeConfiguration(uint instruction, ulong index, out ulong value)
    {
        value = 0;
        return false;
    }

    private ArmCpu NewCpu() => new(this, _profile, _ids.IdOf(Settings.Index), GenericTimer.DefaultTick, _interrupts);

    private void RefreshInterruptWanted() => InterruptWanted = !_heldBack && _cpu.State.WantsInterrupt;
}
