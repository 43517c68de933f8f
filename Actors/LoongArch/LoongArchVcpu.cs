using Trapline.Actors.Devices;
using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Actors.Vcpus;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Devices.LoongArch.Timer;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.LoongArch;

/// <summary>
/// A LoongArch vCPU under KVM: control registers and constant timer are in hardware and trap nothing; the IOCSR space,
/// configuration words, hypercalls and idle leave the guest.
/// </summary>
public sealed partial class LoongArchVcpu : VcpuActor, IDeviceHost
{
    private readonly LoongArchProfile _profile;
    private readonly CpuInterrupts _interrupts;
    private readonly ConstantTimer _timer;
    private readonly CsrFile _csrs;
    private readonly LoongArchAddressMap _map;
    private readonly CpuUapi _uapi;
    private readonly VcpuAttributes _attributes;
    private readonly ActorAddress _boundary;
    private readonly NarrowRead _narrowRead;

    // When the raise that is pending on a line began, ps, and what raised it. Never where none is.
    private readonly long[] _origins = new long[CpuLines.Count];
    private readonly byte[] _sources = new byte[CpuLines.Count];

    /// <param name="settings">What every vCPU is made of.</param>
    /// <param name="profile">Whose behaviour its timer and buses have.</param>
    /// <param name="paravirt">Which paravirtual interface KVM offers it.</param>
    /// <param name="features">This actor's own copy of the VM's feature word.</param>
    /// <param name="cpuIds">This actor's own copy of the map.</param>
    /// <param name="placement">Where the controllers are.</param>
    public LoongArchVcpu(
        VcpuSettings settings, LoongArchProfile profile, ParavirtProfile paravirt, ParavirtFeatures features, CpuIdMap cpuIds, DevicePlacement placement)
        : base(new ActorAddress(settings?.Machine ?? 0, ActorRole.Vcpu, settings?.Index ?? 0), settings!, timerCount: 1)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(paravirt);
        _paravirt = paravirt;
        _features = features;
        _cpuIds = cpuIds;
        _configuration = new ConfigurationWords(paravirt, features);
        _hypercalls = new Hypercalls(paravirt, features, _stealTime);
        _profile = profile;
        _csrs = NewCsrs();
        _interrupts = _csrs.Interrupts;
        _uapi = new CpuUapi(_csrs, cpuIds, Settings.Index, _stealTime);
        _attributes = new VcpuAttributes(features, _stealTime, Settings.Program.Layout.MemoryEnd);
        _boundary = new ActorAddress(Settings.Machine, ActorRole.Boundary, 0);
        _timer = _csrs.Timer;
        _map = new LoongArchAddressMap(Settings.Machine, profile, placement, Settings.HasPeers);
        _narrowRead = profile.NarrowRead;
        Array.Fill(_origins, VirtualTime.Never.Picoseconds);
    }

    bool IDeviceHost.Listening => true;

    /// <summary>True if the line's interrupt could not be taken at the end of a run: its bit in ECFG.LIE is clear.</summary>
    public bool Masks(int line) => (_interrupts.ReadCsr(Csr.Ecfg) & (1UL << line)) == 0;

    protected internal override uint Lines => _interrupts.DrivenLines;

    protected internal override uint EnabledLines => (uint)_interrupts.ReadCsr(Csr.Ecfg) & ((1u << CpuLines.Count) - 1);

    protected override ActorAddress UserSpace => _map.UserSpace;

    protected override bool IsInKernel(ActorAddress device) => _map.IsInKernel(device);

    protected override bool WakesFromIdle => _interrupts.WakesBlocked;

    protected override ulong WorkRemaining
    {
        get => _interrupts.WorkRemaining;
        set => _interrupts.WorkRemaining = value;
    }

    void IDeviceHost.DrivePin(int pin, bool level) =>
        throw new InvalidOperationException("the lines of a CPU end in it: nothing is driven outwards");

    void IDeviceHost.ArmTimer(int timer, VirtualTime due)
    {
        ArmTimer(timer, due);
        LimitChanged();
    }

    void IDeviceHost.CancelTimer(int timer) => CancelTimer(timer);

    void IDeviceHost.Report(in DeviceReport report)
    {
        Observer?.Reported(this, in report);

        // Raises by controllers are counted where they arrive; here are those of the CPU's own sources.
        if (report.Line is CpuLines.Swi0 or CpuLines.Swi1)
        {
            CountSoftware(in report);
        }
        else if (report.Line == CpuLines.Timer)
        {
            CountTimer(in report);
        }
    }

    protected override void SyncArchitecture(StateSync sync)
    {
        _csrs.SyncState(sync);
        SyncParavirt(sync);
        SyncCounter(sync);
        sync.Row("origin", _origins);
        sync.Row("source", _sources);
        if (sync.Loading)
        {
            if (Array.Exists(_sources, source => !LatencyPaths.Exists((InterruptSource)source)))
            {
                throw new StateFormatException($"row source of {Address} names a source of interrupts that this version does not have");
            }

            if (Array.Exists(_origins, origin => origin != VirtualTime.Never.Picoseconds && (origin < 0 || origin > Now.Picoseconds)))
            {
                throw new StateFormatException($"row 'origin': a line was raised after {Now}, or before the start");
            }

            InterruptWanted = _interrupts.WantsInterrupt;
        }
    }

    private CsrFile NewCsrs() => new(this, _profile, Settings.Index, ConstantTimer.DefaultTick, _profile.TimerRestore);

    private void CountTimer(in DeviceReport report)
    {
        Statistics.OwnFates.Note(report.Kind, isServed: true);
        if (report.Kind == ReportKind.Raised)
        {
            _origins[CpuLines.Timer] = Now.Picoseconds;
        }
    }

    protected override void HandleTimer(int timer)
    {
        _timer.Expire(Now);
        InterruptWanted = _interrupts.WantsInterrupt;
    }

    protected override void ApplyQueuedLines()
    {
        _csrs.EnterGuest(Now);
        UpdateStealTime();
        InterruptWanted = _interrupts.WantsInterrupt;
    }

    protected override void QueueLine(int line, bool level, InterruptSource source, VirtualTime origin)
    {
        if (!level)
        {
            _interrupts.Dequeue(line);
            _origins[line] = VirtualTime.Never.Picoseconds;
            return;
        }

        if (line is CpuLines.Swi0 or CpuLines.Swi1)
        {
            CountSignal(line);
        }

        _interrupts.Queue(line);
        if (_origins[line] == VirtualTime.Never.Picoseconds)
        {
            // A line that is driven high again while its first raise waits: the handler that comes answers the first.
            if (!LatencyPaths.Exists(source) || origin > Now || origin < VirtualTime.Zero)
            {
                throw new SimulationException($"{Address}: line {line} is raised at {Now} by a source {source} that does not exist, or that began at {origin}");
            }

            _origins[line] = origin.Picoseconds;
            _sources[line] = (byte)source;
        }
    }

    protected override ulong CompleteRead(ActorAddress target, ulong old, ulong value, int bytes)
    {
        // Defect F11: before Linux 6.18 some devices of the kernel stored only the bytes that were read.
        var isStale = target.Role switch
        {
            ActorRole.PchPic => _narrowRead.LeavesUpperOfPchPic(),
            ActorRole.Eiointc => _narrowRead.LeavesUpperOfEiointc(),
            _ => false,
        };

        // The devices of the IOCSR bus have extended it as their profile does; a load from memory extends by its sign.
        var extended = target.Role is ActorRole.Ipi or ActorRole.Eiointc or ActorRole.Misc ? value : BusValue.SignExtend(value, bytes);
        return isStale ? BusValue.ReplaceLow(old, value, bytes) : extended;
    }

    protected override void TakeInterrupt(VirtualTime now)
    {
        var from = Pc;
        Redirect(_interrupts.TakeInterrupt(from, out var line));
        InterruptWanted = _interrupts.WantsInterrupt;
        Statistics.InterruptTaken(line);
        MeasureLatency(line, now);

        NoteInterrupt(line, from);
    }

    protected override void RaiseFault(GuestFault fault, ulong badAddress)
    {
        var from = Pc;
        var (code, subcode) = fault switch
        {
            GuestFault.BadFetch => (ExceptionCodes.Ade, ExceptionCodes.AdefSubcode),
            GuestFault.Privilege => (ExceptionCodes.Ipe, 0),
            GuestFault.Misaligned => (ExceptionCodes.Ale, 0),
            GuestFault.BadAddress => (ExceptionCodes.Ade, ExceptionCodes.AdemSubcode),
            GuestFault.SystemCall => (ExceptionCodes.Sys, 0),
            GuestFault.Breakpoint => (ExceptionCodes.Brk, 0),
            _ => (ExceptionCodes.Ine, 0),
        };
        Redirect(fault is GuestFault.Misaligned or GuestFault.BadAddress or GuestFault.BadFetch
            ? _interrupts.RaiseAddressFault(code, subcode, from, badAddress)
            : _interrupts.RaiseFault(code, subcode, from));
        InterruptWanted = _interrupts.WantsInterrupt;
        NoteFault(code, subcode, from);
    }

    protected override bool ExecuteSystem(in Instruction instruction, VirtualTime now)
    {
        if (instruction.Opcode == Opcode.ReadTime)
        {
            this[instruction.Rd] = _timer.StableCounter(now);
            return true;
        }

        if (Settings.IsBareMetal && TryExecuteOnHardware(in instruction, out var completed))
        {
            return completed;
        }

        if (instruction.Opcode is Opcode.CpuConfiguration or Opcode.CpuPhysicalId or Opcode.MmioRead or Opcode.MmioReadUnsigned or Opcode.MmioWrite)
        {
            return ExecuteUnprivileged(in instruction);
        }

        if (_interrupts.PrivilegeLevel != 0 && !(instruction.Opcode == Opcode.Hypercall && _paravirt.HypercallAtAnyLevel))
        {
            Fault(GuestFault.Privilege, 0);
            return false;
        }

        switch (instruction.Opcode)
        {
            case Opcode.IocsrRead:
            case Opcode.IocsrWrite:
                ExitForBus(in instruction, instruction.Opcode == Opcode.IocsrRead ? ExitAction.IocsrRead : ExitAction.IocsrWrite);
                Redirect(Pc + GuestProgram.InstructionBytes);
                return false;
            case Opcode.Idle:
                ExitForSelf(ExitAction.Idle, 0, 0, 0, Costs.Hypercall);
                Redirect(Pc + GuestProgram.InstructionBytes);
                return false;
            case Opcode.Hypercall:
                ExitForSelf(ExitAction.Hypercall, ArgumentRegister, TrappedInstruction.OfHypercall((int)instruction.Immediate), 0, Costs.Hypercall);
                return false;
            case Opcode.ExceptionReturn:
                Redirect(_interrupts.ExceptionReturn());
                InterruptWanted = _interrupts.WantsInterrupt;
                NoteReturn();
                return false;
            default:
                return ExecuteCsr(in instruction, now);
        }
    }

    private bool ExecuteUnprivileged(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.CpuPhysicalId:
                this[instruction.Rd] = _interrupts.PhysicalId;
                return true;
            case Opcode.CpuConfiguration:
                ExitForSelf(
                    ExitAction.CpuConfiguration, instruction.Rd,
                    TrappedInstruction.OfConfiguration(instruction.Rd, instruction.Rs), this[instruction.Rs], Costs.Hypercall);
                break;
            default:
                ExitForBus(in instruction, instruction.Opcode == Opcode.MmioWrite ? ExitAction.MmioWrite : ExitAction.MmioRead);
                break;
        }

        Redirect(Pc + GuestProgram.InstructionBytes);
        return false;
    }

    /// <summary>An access to whoever the address map names on the IOCSR bus or in physical memory.</summary>
    private void ExitForBus(in Instruction instruction, ExitAction action)
    {
        var address = this[instruction.Rs] + (ulong)instruction.Immediate;
        var width = 1 << (int)instruction.Width;
        var target = action is ExitAction.IocsrRead or ExitAction.IocsrWrite ? _map.FindIocsr(Settings.Index, address, width) : _map.FindMmio(address, width);
        if (!_map.IsInKernel(target))
        {
            LoadedAnew();
        }

        ExitForAccess(action, address, width, instruction.Rd, target, _map.Enter(target), CostOf(target), unsigned: instruction.Opcode == Opcode.MmioReadUnsigned);
    }

    private VirtualTime CostOf(ActorAddress target) => _map.IsInKernel(target) ? Costs.KernelAccess : Costs.UserAccess;

    private bool ExecuteCsr(in Instruction instruction, VirtualTime now)
    {
        var number = (int)instruction.Immediate;
        if (instruction.Opcode == Opcode.CsrRead)
        {
            this[instruction.Rd] = _csrs.ReadCsr(number, now);
            NoteControlRegister(number, isWrite: false, this[instruction.Rd]);
            return true;
        }

        var mask = instruction.Opcode == Opcode.CsrExchange ? this[instruction.Rs] : ulong.MaxValue;
        var written = this[instruction.Rd];
        this[instruction.Rd] = _csrs.ExchangeCsr(number, written, mask, now);
        InterruptWanted = _interrupts.WantsInterrupt;
        NoteControlRegister(number, isWrite: true, written & mask);
        NoteLines(Address);
        return true;
    }

    private void MeasureLatency(int line, VirtualTime now)
    {
        ref var origin = ref _origins[line];
        if (origin != VirtualTime.Never.Picoseconds)
        {
            Statistics.Latency(PathOf(line), now - new VirtualTime(origin));
            origin = VirtualTime.Never.Picoseconds;
        }
    }

    private int PathOf(int line) => line == CpuLines.Timer ? LatencyPaths.Timer : LatencyPaths.Of((InterruptSource)_sources[line]);
}
