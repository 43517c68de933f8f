using System.Numerics;
using Trapline.Devices.Common;
using Trapline.Messages.State;

namespace Trapline.Devices.LoongArch.Cpu;

/// <summary>
/// The interrupt inputs of one LoongArch CPU and its entry into and return from interrupts and faults, with the two sets
/// in which KVM queues line changes until the next guest entry (Linux arch/loongarch/kvm/interrupt.c).
/// </summary>
public sealed class CpuInterrupts(IDeviceHost host)
{
    /// <summary>PLV: 0 is the kernel, 3 the user.</summary>
    private const uint PrivilegeMask = 3;
    private const uint InterruptEnable = 1 << 2;

    /// <summary>The part of CRMD that an exception saves in PRMD.</summary>
    private const uint SavedMode = PrivilegeMask | InterruptEnable;

    /// <summary>Direct address translation (CRMD.DA), which the CPU starts with; stored, and no more, here.</summary>
    private const uint ResetMode = 1 << 3;

    private const uint LineMask = (1u << CpuLines.Count) - 1;
    private const uint SoftwareLines = (1u << CpuLines.Swi0) | (1u << CpuLines.Swi1);
    private const uint TimerLine = 1u << CpuLines.Timer;
    private const uint HardwareLines = 0xFFu << CpuLines.Hwi0;

    /// <summary>KVM has no PMU input to deliver: number 10 leaves the queue without effect.</summary>
    private const uint DeliverableLines = LineMask & ~(1u << CpuLines.Pmi);

    /// <summary>What ESTAT stores itself: all but HWI0..7, which are seen through GINTC.</summary>
    private const uint StatusStored = 0x7FFF_0000 | (LineMask & ~HardwareLines);

    private const int EcodeShift = 16;
    private const int EcodeMask = 0x3F;
    private const int EsubcodeShift = 22;
    private const int EsubcodeMask = 0x1FF;
    private const int VectorSpacingShift = 16;
    private const int VectorSpacingMask = 7;
    private const int FirstInterruptVector = 64;

    private const uint ModeWritable = 0x3FF;
    private const uint PreviousModeWritable = 0xF;
    private const uint ConfigurationWritable = (7u << VectorSpacingShift) | LineMask;

    /// <summary>The entry is aligned to 4 KiB: the low bits do not exist.</summary>
    private const ulong EntryWritable = ~0xFFFUL;

    private uint _mode = ResetMode;
    private uint _previousMode;
    private uint _configuration;
    private uint _status;
    private uint _hardwareLines;
    private ulong _returnAddress;
    private ulong _badAddress;
    private ulong _entry;
    private ulong _physicalId = CpuIdMap.Limit;
    private uint _raises;
    private uint _clears;
    private ulong _savedWork;
    private ulong _workRemaining;

    private bool _wantsInterrupt;
    private bool _wakesIdle;
    private bool _wakesBlocked;

    /// <summary>CRMD.PLV.</summary>
    public int PrivilegeLevel => (int)(_mode & PrivilegeMask);

    /// <summary>CSR.CPUID: <see cref="CpuIdMap.Limit"/> until the id is given.</summary>
    public ulong PhysicalId
    {
        get => _physicalId;
        set => _physicalId = value <= CpuIdMap.Limit
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"a physical CPU id is below {CpuIdMap.Limit}, which stands for none; {value} is not");
    }

    /// <summary>What is left of the <c>work</c> instruction at hand, ps.</summary>
    public ulong WorkRemaining
    {
        get => _workRemaining;
        set => _workRemaining = value;
    }

    /// <summary>Whether a line change waits for the next guest entry.</summary>
    public bool HasQueued => (_raises | _clears) != 0;

    /// <summary>Whether the CPU takes an interrupt before its next instruction: CRMD.IE and an enabled line.</summary>
    public bool WantsInterrupt => _wantsInterrupt;

    /// <summary>Whether <c>idle</c> ends, by the architecture: an enabled line, whatever CRMD.IE.</summary>
    public bool WakesIdle => _wakesIdle;

    /// <summary>
    /// <see cref="WakesIdle"/> as it will be after the next guest entry: a vCPU that is blocked outside the guest must
    /// wake for a line that is only queued. (KVM itself wakes for masked lines too, and may sleep on a visible one; this
    /// is the architecture's rule.)
    /// </summary>
    public bool WakesBlocked => _wakesBlocked;

    /// <summary>The levels of all lines, by number, as they will be after the next guest entry: what is driven, seen or still queued.</summary>
    public uint DrivenLines => (VisibleLines & ~_clears) | (_raises & DeliverableLines);

    private uint VisibleLines => (_status | (_hardwareLines << CpuLines.Hwi0)) & LineMask;

    /// <summary>Whether the raise of a line waits for the next guest entry.</summary>
    public bool IsQueued(int line) => (_raises & LineBit(line)) != 0;

    /// <summary>Queues the raise of a line for the next guest entry. The caller kicks the vCPU.</summary>
    public void Queue(int line)
    {
        var bit = LineBit(line);
        _raises |= bit;
        _clears &= ~bit;
        Refresh();
    }

    /// <summary>Queues the fall of a line; a raise still in the queue is then never seen by the guest.</summary>
    public void Dequeue(int line)
    {
        var bit = LineBit(line);
        if ((_raises & bit) != 0)
        {
            Report(ReportKind.Withdrawn, line);
        }

        _raises &= ~bit;
        _clears |= bit;
        Refresh();
    }

    /// <summary>Makes queued line changes visible to the guest: first the falls, then the raises, as KVM does.</summary>
    public void ApplyAtGuestEntry()
    {
        if (!HasQueued)
        {
            return;
        }

        var before = VisibleLines;
        var clears = _clears & DeliverableLines;
        var raises = _raises & DeliverableLines;
        ReportMerged(raises & before & ~clears & SoftwareLines);
        _status = (_status & ~(clears & ~HardwareLines)) | (raises & ~HardwareLines);
        _hardwareLines = (_hardwareLines & ~((clears & HardwareLines) >> CpuLines.Hwi0)) | ((raises & HardwareLines) >> CpuLines.Hwi0);
        _raises = 0;
        _clears = 0;
        ReportMasked(VisibleLines & ~before);
        Refresh();
    }

    /// <summary>The CPU's own timer drives TI: hardware, seen at once, with no queue between.</summary>
    public void DriveTimer(bool level)
    {
        var was = (_status & TimerLine) != 0;
        _status = level ? _status | TimerLine : _status & ~TimerLine;
        if (level)
        {
            Report(was ? ReportKind.Coalesced : ReportKind.Raised, CpuLines.Timer);
            ReportMasked(was ? 0 : TimerLine);
        }
        else if (was)
        {
            Report(ReportKind.Acknowledged, CpuLines.Timer);
        }

        Refresh();
    }

    /// <summary>
    /// Enters the handler of the highest enabled line. To be called only where <see cref="WantsInterrupt"/>.
    /// </summary>
    /// <param name="programCounter">The instruction to come back to.</param>
    /// <param name="line">The line that was taken.</param>
    /// <returns>The program counter to go on at.</returns>
    public ulong TakeInterrupt(ulong programCounter, out int line)
    {
        if (!_wantsInterrupt)
        {
            throw new InvalidOperationException("there is no interrupt to take: ask WantsInterrupt first");
        }

        line = BitOperations.Log2(VisibleLines & _configuration);
        Report(ReportKind.Delivered, line);
        return Enter(ExceptionCodes.Int, 0, programCounter, (ulong)(FirstInterruptVector + line));
    }

    /// <summary>Enters the handler of a fault.</summary>
    /// <param name="code">A value of <see cref="ExceptionCodes"/>.</param>
    /// <param name="subcode">ESTAT.EsubCode.</param>
    /// <param name="programCounter">The instruction that faulted: ERA.</param>
    /// <returns>The program counter to go on at.</returns>
    public ulong RaiseFault(int code, int subcode, ulong programCounter)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)code, (uint)EcodeMask, nameof(code));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)subcode, (uint)EsubcodeMask, nameof(subcode));
        return Enter(code, subcode, programCounter, (ulong)code);
    }

    /// <summary><see cref="RaiseFault"/> for faults that record an address in BADV.</summary>
    public ulong RaiseAddressFault(int code, int subcode, ulong programCounter, ulong badAddress)
    {
        _badAddress = badAddress;
        return RaiseFault(code, subcode, programCounter);
    }

    /// <summary>ERTN: restores PLV, IE and the broken-off <c>work</c>.</summary>
    /// <returns>The program counter to go on at: ERA.</returns>
    public ulong ExceptionReturn()
    {
        _mode = (_mode & ~SavedMode) | (_previousMode & SavedMode);
        _workRemaining = _savedWork;
        _savedWork = 0;
        Refresh();
        return _returnAddress;
    }

    /// <summary>Reads one of the registers of interrupts and faults; any other is 0. See <see cref="CsrFile"/> for all.</summary>
    public ulong ReadCsr(int number) => number switch
    {
        Csr.Crmd => _mode,
        Csr.Prmd => _previousMode,
        Csr.Ecfg => _configuration,
        Csr.Estat => _status | (_hardwareLines << CpuLines.Hwi0),
        Csr.Era => _returnAddress,
        Csr.Badv => _badAddress,
        Csr.Eentry => _entry,
        Csr.CpuId => _physicalId,
        Csr.Work => _savedWork,
        _ => 0,
    };

    /// <summary>
    /// Writes one of these registers as the guest does: bits that are read-only or do not exist stay, and so does CPUID,
    /// and any other register.
    /// </summary>
    public void WriteCsr(int number, ulong value)
    {
        switch (number)
        {
            case Csr.Crmd:
                _mode = (uint)value & ModeWritable;
                break;
            case Csr.Prmd:
                _previousMode = (uint)value & PreviousModeWritable;
                break;
            case Csr.Ecfg:
                _configuration = (uint)value & ConfigurationWritable;
                break;
            case Csr.Estat:
                WriteSoftwareLines((uint)value & SoftwareLines);
                break;
            case Csr.Era:
                _returnAddress = value;
                break;
            case Csr.Badv:
                _badAddress = value;
                break;
            case Csr.Eentry:
                _entry = value & EntryWritable;
                break;
            case Csr.Work:
                _savedWork = value;
                break;
            default:
                return;
        }

        Refresh();
    }

    /// <summary>All state, as rows without side effects.</summary>
    public void SyncState(StateSync sync)
    {
        sync.Row("CRMD", ref _mode);
        sync.Row("PRMD", ref _previousMode);
        sync.Row("ECFG", ref _configuration);
        sync.Row("ESTAT", ref _status);
        sync.Row("GINTC.VIP", ref _hardwareLines);
        sync.Row("ERA", ref _returnAddress);
        sync.Row("BADV", ref _badAddress);
        sync.Row("EENTRY", ref _entry);
        sync.Row("CPUID", ref _physicalId);
        sync.Row("pend", ref _raises);
        sync.Row("clr", ref _clears);
        sync.Row("WORK", ref _savedWork);
        sync.Row("work remaining", ref _workRemaining);
        if (sync.Loading)
        {
            CheckLoaded();
            Refresh();
        }
    }

    /// <summary>Set-one-register of ESTAT: bits are added, HWI0..7 to GINTC and the others to ESTAT; none is ever cleared.</summary>
    internal void AddStatus(ulong value)
    {
        _hardwareLines |= (uint)(value >> CpuLines.Hwi0) & 0xFF;
        _status |= (uint)value & StatusStored;
        Refresh();
    }

    /// <summary>
    /// KVM_REG_LOONGARCH_VCPU_RESET: empties the queue, and since Linux 6.16 zeroes the stored ESTAT and GINTC, which no
    /// other write can clear.
    /// </summary>
    internal void ResetQueueAndStatus()
    {
        _raises = 0;
        _clears = 0;
        _status = 0;
        _hardwareLines = 0;
        Refresh();
    }

    private static uint LineBit(int line) => (uint)line < CpuLines.Count
        ? 1u << line
        : throw new ArgumentOutOfRangeException(nameof(line), $"a CPU has lines 0 to {CpuLines.Count - 1}; {line} is none");

    private ulong Enter(int code, int subcode, ulong programCounter, ulong vector)
    {
        _previousMode = (_previousMode & ~SavedMode) | (_mode & SavedMode);
        _mode &= ~SavedMode;
        _returnAddress = programCounter;
        _status = (_status & LineMask) | ((uint)code << EcodeShift) | ((uint)subcode << EsubcodeShift);
        _savedWork = _workRemaining;
        _workRemaining = 0;
        Refresh();

        var spacing = (int)(_configuration >> VectorSpacingShift) & VectorSpacingMask;
        return spacing == 0 ? _entry : unchecked(_entry + (vector << (spacing + 2)));
    }

    private void WriteSoftwareLines(uint lines)
    {
        var old = _status & SoftwareLines;
        _status = (_status & ~SoftwareLines) | lines;
        for (var line = CpuLines.Swi0; line <= CpuLines.Swi1; line++)
        {
            var bit = 1u << line;
            if (((old ^ lines) & bit) != 0)
            {
                Report((lines & bit) != 0 ? ReportKind.Raised : ReportKind.Acknowledged, line);
            }
        }

        ReportMasked(lines & ~old);
    }

    private void CheckLoaded()
    {
        Check("CRMD", _mode, ModeWritable);
        Check("PRMD", _previousMode, PreviousModeWritable);
        Check("ECFG", _configuration, ConfigurationWritable);
        Check("ESTAT", _status, StatusStored);
        Check("GINTC.VIP", _hardwareLines, 0xFF);
        Check("EENTRY", _entry, EntryWritable);
        Check("pend", _raises, LineMask);
        Check("clr", _clears, LineMask & ~_raises);
        if (_physicalId > CpuIdMap.Limit)
        {
            throw new StateFormatException($"row 'CPUID': the value 0x{_physicalId:x} is over 0x{CpuIdMap.Limit:x}");
        }
    }

    private static void Check(string name, ulong value, ulong possible)
    {
        if ((value & ~possible) != 0)
        {
            throw new StateFormatException($"row '{name}': the value 0x{value:x} has bits outside 0x{possible:x}");
        }
    }

    /// <summary>The questions that are asked before every instruction are answered once per change.</summary>
    private void Refresh()
    {
        var visible = VisibleLines;
        _wakesIdle = (visible & _configuration & LineMask) != 0;
        _wakesBlocked = (DrivenLines & _configuration & LineMask) != 0;
        _wantsInterrupt = _wakesIdle && (_mode & InterruptEnable) != 0;
    }

    /// <summary>A software interrupt that the guest has not cleared yet: the one that was queued is served with it.</summary>
    private void ReportMerged(uint merged)
    {
        for (; merged != 0; merged &= merged - 1)
        {
            Report(ReportKind.Coalesced, BitOperations.TrailingZeroCount(merged));
        }
    }

    private void ReportMasked(uint risen)
    {
        for (var masked = risen & ~_configuration & LineMask; masked != 0 && host.Listening; masked &= masked - 1)
        {
            Report(ReportKind.Masked, BitOperations.TrailingZeroCount(masked));
        }
    }

    private void Report(ReportKind kind, int line)
    {
        if (host.Listening)
        {
            host.Report(new DeviceReport(kind, line, 0));
        }
    }
}
