using System.Collections.Immutable;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Cpu;

/// <summary>
/// What a guest at EL1 and EL0 has of an arm64 CPU besides its general registers, its GIC and its timer: PSTATE, the registers of
/// exceptions, how they are entered and left, and registers that only store. A hypervisor takes EL2; there is no EL3.
/// </summary>
public sealed class ArmCpuState
{
    /// <summary>MIDR_EL1 of a Cortex-A57 r1p0, QEMU's CPU in the recordings.</summary>
    public const ulong DefaultMidr = 0x411F_D070;

    private const ulong ModeMask = 0x1F;
    private const ulong ModeEl0 = 0;

    /// <summary>EL1 with the stack pointer of EL0.</summary>
    private const ulong ModeEl1Thread = 4;

    /// <summary>EL1 with its own stack pointer: what an exception enters.</summary>
    private const ulong ModeEl1Handler = 5;

    private const ulong FiqMasked = 1 << 6;
    private const ulong IrqMasked = 1 << 7;

    /// <summary>D, A, I, F: as DAIF shows them and in the same bits of SPSR.</summary>
    private const ulong MaskBits = 0xF << 6;
    private const ulong IllegalState = 1 << 20;
    private const ulong ConditionFlags = 0xFUL << 28;
    private const ulong StatusWritable = ConditionFlags | IllegalState | MaskBits | ModeMask;

    private const ulong SynchronousVector = 0;
    private const ulong IrqVector = 0x80;
    private const ulong FiqVector = 0x100;
    private const ulong FromThread = 0;
    private const ulong FromHandler = 0x200;
    private const ulong FromEl0 = 0x400;

    /// <summary>The vector table is aligned to 2 KiB: the low bits do not exist.</summary>
    private const ulong VectorBaseWritable = ~0x7FFUL;

    private const int ClassShift = 26;
    private const int ClassMask = 0x3F;
    private const uint SyndromeMask = 0x1FF_FFFF;

    /// <summary>IL: instructions of A64 have 32 bits.</summary>
    private const ulong InstructionLength = 1 << 25;
    private const ulong SyndromeWritable = uint.MaxValue;

    private const int IsrIrq = 1 << 7;
    private const int IsrFiq = 1 << 6;
    private const int CurrentElShift = 2;

    private static readonly ImmutableArray<ushort> StoredRegisters =
    [
        SystemRegister.SctlrEl1, SystemRegister.CpacrEl1, SystemRegister.Ttbr0El1, SystemRegister.Ttbr1El1, SystemRegister.TcrEl1,
        SystemRegister.MairEl1, SystemRegister.ContextidrEl1, SystemRegister.TpidrEl1, SystemRegister.TpidrEl0, SystemRegister.TpidrroEl0,
        SystemRegister.SpEl0,
    ];

    private readonly ulong[] _stored = new ulong[StoredRegisters.Length];
    private readonly ulong _mpidr;
    private ulong _status = MaskBits | ModeEl1Handler;
    private ulong _savedStatus;
    private ulong _returnAddress;
    private ulong _syndrome;
    private ulong _faultAddress;
    private ulong _vectorBase;
    private ulong _savedWork;
    private ulong _workRemaining;
    private bool _irq;
    private bool _fiq;

    private bool _wantsInterrupt;

    /// <param name="id">The vCPU's id, which gives MPIDR_EL1.</param>
    public ArmCpuState(int id) => _mpidr = CpuAffinity.MpidrOf(id);

    /// <summary>0 is the user, 1 the kernel.</summary>
    public int ExceptionLevel => (_status & ModeMask) == ModeEl0 ? 0 : 1;

    /// <summary>PSTATE as SPSR_EL1 would show it: flags, DAIF, mode.</summary>
    public ulong Status => _status;

    /// <summary>DAIF in bits 9:6.</summary>
    public ulong Masks => _status & MaskBits;

    public ulong Mpidr => _mpidr;

    /// <summary>What is left of the <c>work</c> instruction at hand, ps.</summary>
    public ulong WorkRemaining
    {
        get => _workRemaining;
        set => _workRemaining = value;
    }

    /// <summary>Whether the CPU takes an interrupt before its next instruction: a line that PSTATE does not mask.</summary>
    public bool WantsInterrupt => _wantsInterrupt;

    /// <summary>Whether WFI ends: an interrupt line, whatever PSTATE masks.</summary>
    public bool WakesIdle => _irq || _fiq;

    /// <summary>A line of the CPU interface has a level.</summary>
    /// <param name="pin"><see cref="GicCpu.IrqPin"/> or <see cref="GicCpu.FiqPin"/>.</param>
    /// <param name="level">The level.</param>
    public void DriveLine(int pin, bool level)
    {
        ref var line = ref pin == GicCpu.FiqPin ? ref _fiq : ref _irq;
        line = level;
        Refresh();
    }

    /// <summary>Enters the handler of the unmasked line; FIQ before IRQ. To be called only where <see cref="WantsInterrupt"/>.</summary>
    /// <param name="programCounter">The instruction to come back to.</param>
    /// <param name="pin">The line that was taken.</param>
    /// <returns>The program counter to go on at.</returns>
    public ulong TakeInterrupt(ulong programCounter, out int pin)
    {
        if (!_wantsInterrupt)
        {
            throw new InvalidOperationException("there is no interrupt to take: ask WantsInterrupt first");
        }

        pin = _fiq && (_status & FiqMasked) == 0 ? GicCpu.FiqPin : GicCpu.IrqPin;
        return Enter(pin == GicCpu.FiqPin ? FiqVector : IrqVector, programCounter);
    }

    /// <summary>Enters the handler of a synchronous exception.</summary>
    /// <param name="exceptionClass">A value of <see cref="ExceptionClass"/>; of an abort that for EL0, and one more is put there for EL1.</param>
    /// <param name="syndrome">ESR_EL1.ISS.</param>
    /// <param name="returnAddress">ELR_EL1: the instruction that failed; of a supervisor call the one after it.</param>
    /// <returns>The program counter to go on at.</returns>
    public ulong RaiseException(int exceptionClass, uint syndrome, ulong returnAddress)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)exceptionClass, (uint)ClassMask, nameof(exceptionClass));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(syndrome, SyndromeMask);
        var isAbort = exceptionClass is ExceptionClass.DataAbort or ExceptionClass.InstructionAbort;
        var code = exceptionClass + (isAbort ? ExceptionLevel : 0);
        _syndrome = ((ulong)code << ClassShift) | InstructionLength | syndrome;
        return Enter(SynchronousVector, returnAddress);
    }

    /// <summary><see cref="RaiseException"/> for those that record an address in FAR_EL1.</summary>
    public ulong RaiseAddressException(int exceptionClass, uint syndrome, ulong returnAddress, ulong faultAddress)
    {
        var target = RaiseException(exceptionClass, syndrome, returnAddress);
        _faultAddress = faultAddress;
        return target;
    }

    /// <summary>
    /// ERET: PSTATE from SPSR_EL1, and the broken-off <c>work</c>. An SPSR that names a mode which EL1 cannot return to makes the
    /// illegal-state exception that the instruction at ELR_EL1 would meet.
    /// </summary>
    /// <returns>The program counter to go on at.</returns>
    public ulong ExceptionReturn()
    {
        var target = _returnAddress;
        _workRemaining = _savedWork;
        _savedWork = 0;
        var isIllegal = !IsMode(_savedStatus & ModeMask) || (_savedStatus & IllegalState) != 0;
        _status = isIllegal ? (_savedStatus & (ConditionFlags | MaskBits)) | IllegalState | (_status & ModeMask) : _savedStatus;
        if (isIllegal)
        {
            return RaiseException(ExceptionClass.IllegalState, 0, target);
        }

        Refresh();
        return target;
    }

    /// <summary>MSR DAIFSet: masks, as the four bits D, A, I, F of the immediate.</summary>
    public void SetMasks(int bits) => SetStatus(_status | (((ulong)bits << 6) & MaskBits));

    /// <summary>MSR DAIFClr.</summary>
    public void ClearMasks(int bits) => SetStatus(_status & ~(((ulong)bits << 6) & MaskBits));

    /// <summary>Reads one of these registers as the guest at EL1 does.</summary>
    /// <returns>False where there is none of that encoding: an undefined instruction.</returns>
    public bool TryRead(ushort encoding, out ulong value)
    {
        (var isKnown, value) = encoding switch
        {
            SystemRegister.MidrEl1 => (true, DefaultMidr),
            SystemRegister.MpidrEl1 => (true, _mpidr),
            SystemRegister.CurrentEl => (true, (ulong)ExceptionLevel << CurrentElShift),
            SystemRegister.Daif => (true, Masks),
            SystemRegister.IsrEl1 => (true, (_irq ? IsrIrq : 0ul) | (_fiq ? IsrFiq : 0ul)),
            SystemRegister.SpsrEl1 => (true, _savedStatus),
            SystemRegister.ElrEl1 => (true, _returnAddress),
            SystemRegister.EsrEl1 => (true, _syndrome),
            SystemRegister.FarEl1 => (true, _faultAddress),
            SystemRegister.VbarEl1 => (true, _vectorBase),
            SystemRegister.WorkEl1 => (true, _savedWork),
            _ => (false, 0ul),
        };
        if (!isKnown && StoredRegisters.IndexOf(encoding) is var index and >= 0)
        {
            value = _stored[index];
            isKnown = true;
        }

        return isKnown;
    }

    /// <summary>Writes one of these registers as the guest at EL1 does: bits that do not exist stay.</summary>
    /// <returns>False where there is none of that encoding, or it is read-only: an undefined instruction.</returns>
    public bool TryWrite(ushort encoding, ulong value)
    {
        switch (encoding)
        {
            case SystemRegister.Daif:
                SetStatus((_status & ~MaskBits) | (value & MaskBits));
                break;
            case SystemRegister.SpsrEl1:
                _savedStatus = value & StatusWritable;
                break;
            case SystemRegister.ElrEl1:
                _returnAddress = value;
                break;
            case SystemRegister.EsrEl1:
                _syndrome = value & SyndromeWritable;
                break;
            case SystemRegister.FarEl1:
                _faultAddress = value;
                break;
            case SystemRegister.VbarEl1:
                _vectorBase = value & VectorBaseWritable;
                break;
            case SystemRegister.WorkEl1:
                _savedWork = value;
                break;
            default:
                return TryStore(encoding, value);
        }

        return true;
    }

    /// <summary>The CPU is reset, as by CPU_ON: EL1, everything masked, all else 0. The lines are the GIC's.</summary>
    public void Reset()
    {
        Array.Clear(_stored);
        (_savedStatus, _returnAddress, _syndrome, _faultAddress) = (0, 0, 0, 0);
        (_vectorBase, _savedWork, _workRemaining) = (0, 0, 0);
        SetStatus(MaskBits | ModeEl1Handler);
    }

    /// <summary>All state, as rows without side effects.</summary>
    public void SyncState(StateSync sync)
    {
        sync.Row("PSTATE", ref _status);
        sync.Row("SPSR_EL1", ref _savedStatus);
        sync.Row("ELR_EL1", ref _returnAddress);
        sync.Row("ESR_EL1", ref _syndrome);
        sync.Row("FAR_EL1", ref _faultAddress);
        sync.Row("VBAR_EL1", ref _vectorBase);
        sync.Row("WORK_EL1", ref _savedWork);
        sync.Row("work remaining", ref _workRemaining);
        sync.Row("IRQ", ref _irq);
        sync.Row("FIQ", ref _fiq);
        for (var i = 0; i < _stored.Length; i++)
        {
            sync.Row(SystemRegisterNames.NameOf(StoredRegisters[i])!, ref _stored[i]);
        }

        if (sync.Loading)
        {
            CheckStatus("PSTATE", _status);
            StateCheck.Bits("SPSR_EL1", _savedStatus, StatusWritable);
            StateCheck.Bits("ESR_EL1", _syndrome, SyndromeWritable);
            StateCheck.Bits("VBAR_EL1", _vectorBase, VectorBaseWritable);
            Refresh();
        }
    }

    /// <summary>Whether its lines have these levels.</summary>
    internal bool HasLines(bool irq, bool fiq) => (_irq, _fiq) == (irq, fiq);

    /// <summary>KVM_SET_ONE_REG of PSTATE.</summary>
    /// <returns>False where the mode does not exist; then nothing changed.</returns>
    internal bool TrySetStatus(ulong value)
    {
        if (!IsMode(value & ModeMask))
        {
            return false;
        }

        SetStatus(value & (ConditionFlags | MaskBits | ModeMask));
        return true;
    }

    private static bool IsMode(ulong mode) => mode is ModeEl0 or ModeEl1Thread or ModeEl1Handler;

    private static void CheckStatus(string name, ulong value)
    {
        StateCheck.Bits(name, value, ConditionFlags | MaskBits | ModeMask);
        if (!IsMode(value & ModeMask))
        {
            throw new StateFormatException($"row '{name}': 0x{value:x} is of a mode that a guest does not have");
        }
    }

    private bool TryStore(ushort encoding, ulong value)
    {
        var index = StoredRegisters.IndexOf(encoding);
        if (index >= 0)
        {
            _stored[index] = value;
        }

        return index >= 0;
    }

    private ulong Enter(ulong vector, ulong returnAddress)
    {
        var origin = (_status & ModeMask) switch
        {
            ModeEl0 => FromEl0,
            ModeEl1Thread => FromThread,
            _ => FromHandler,
        };
        _savedStatus = _status;
        _returnAddress = returnAddress;
        _savedWork = _workRemaining;
        _workRemaining = 0;
        SetStatus((_status & ConditionFlags) | MaskBits | ModeEl1Handler);
        return unchecked(_vectorBase + origin + vector);
    }

    private void SetStatus(ulong status)
    {
        _status = status;
        Refresh();
    }

    /// <summary>The question that is asked before every instruction is answered once per change.</summary>
    private void Refresh() => _wantsInterrupt = (_irq && (_status & IrqMasked) == 0) || (_fiq && (_status & FiqMasked) == 0);
}
