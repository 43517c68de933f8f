using System.Numerics;
using Trapline.Devices.Arm.Profiles;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Cpu;

/// <summary>
/// The registers of a CPU interface that only hold something, and what follows from them: masks, active priorities, the running
/// priority (spec gicv3-its 2.1, 2.2). Which interrupt there is to take, others know.
/// </summary>
internal sealed class CpuInterface(GicProfile profile)
{
    /// <summary>The running priority where nothing is active.</summary>
    public const byte IdlePriority = 0xFF;

    /// <summary>ICC_SRE_EL1: system registers are on, the bypasses off, for good.</summary>
    public const uint SystemRegistersOn = 7;

    /// <summary>Of ICC_CTLR_EL1: how many bits a priority has, less 1.</summary>
    public const uint PriorityBitsField = 7 << 8;

    /// <summary>Of ICC_CTLR_EL1: how many bits an INTID has, as a code.</summary>
    public const uint IdentifierBitsField = 7 << 11;

    /// <summary>Of ICC_CTLR_EL1: SEIS and A3V.</summary>
    public const uint FixedFields = 3 << 14;

    /// <summary>Of ICC_CTLR_EL1: group 1 uses BPR0.</summary>
    private const uint CommonBinaryPoint = 1;

    /// <summary>Of ICC_CTLR_EL1: EOIR drops the priority, DIR deactivates.</summary>
    private const uint EndMode = 2;

    private const uint ControlWritable = CommonBinaryPoint | EndMode;

    /// <summary>Five bits of priority: 32 levels, and as many bits of active priorities.</summary>
    private const byte PriorityBits = 0xF8;
    private const int PriorityShift = 3;

    private const byte LeastBinaryPoint0 = 2;
    private const byte LeastBinaryPoint1 = 3;
    private const byte GreatestBinaryPoint = 7;

    private byte _priorityMask;
    private byte _binaryPoint0 = LeastBinaryPoint0;
    private byte _binaryPoint1 = LeastBinaryPoint1;
    private uint _control;
    private uint _identification = profile.CpuControl;
    private uint _enabledGroups;
    private uint _active0;
    private uint _active1;

    /// <summary>ICC_PMR_EL1.</summary>
    public byte PriorityMask
    {
        get => _priorityMask;
        set => _priorityMask = (byte)(value & PriorityBits);
    }

    /// <summary>IGRPEN: bit 0 for group 0, bit 1 for group 1.</summary>
    public uint EnabledGroups => _enabledGroups;

    /// <summary>EOImode 1.</summary>
    public bool SplitsEnd => (_control & EndMode) != 0;

    /// <summary>ICC_CTLR_EL1. A write changes CBPR and EOImode.</summary>
    public uint Control
    {
        get => _identification | _control;
        set => _control = value & ControlWritable;
    }

    /// <summary>ICC_RPR_EL1: the most urgent active priority.</summary>
    public byte RunningPriority => _active0 == 0 && _active1 == 0 ? IdlePriority : (byte)(BitOperations.TrailingZeroCount(_active0 | _active1) << PriorityShift);

    /// <summary>The group of the most urgent active priority; of both where they are equal, 0.</summary>
    public int RunningGroup => BitOperations.TrailingZeroCount(_active1) < BitOperations.TrailingZeroCount(_active0) ? 1 : 0;

    private bool IsCommon => (_control & CommonBinaryPoint) != 0;

    private byte EffectiveBinaryPoint1 => IsCommon ? Math.Min((byte)(_binaryPoint0 + 1), GreatestBinaryPoint) : _binaryPoint1;

    /// <summary>What user space may not widen: PRIbits, IDbits, SEIS and A3V.</summary>
    public uint Identification
    {
        get => _identification;
        set => _identification = value;
    }

    /// <summary>ICC_BPR0_EL1, ICC_BPR1_EL1.</summary>
    public byte BinaryPoint(int group) => group == 0 ? _binaryPoint0 : EffectiveBinaryPoint1;

    /// <summary>Writes a BPR: what is too small becomes the least, and BPR1 stays while BPR0 serves for both.</summary>
    public void SetBinaryPoint(int group, byte value)
    {
        value &= GreatestBinaryPoint;
        if (group == 0)
        {
            _binaryPoint0 = Math.Max(value, LeastBinaryPoint0);
        }
        else if (!IsCommon)
        {
            _binaryPoint1 = Math.Max(value, LeastBinaryPoint1);
        }
    }

    /// <summary>Which bits of a priority are its group priority.</summary>
    public byte GroupMask(int group) => (byte)(0xFF << (group == 0 || (IsCommon && profile.CommonPointLeavesNoBits) ? _binaryPoint0 + 1 : EffectiveBinaryPoint1));

    public bool IsEnabled(int group) => (_enabledGroups >> group & 1) != 0;

    /// <summary>ICC_IGRPEN0_EL1, ICC_IGRPEN1_EL1.</summary>
    public void SetEnabled(int group, bool enabled) => _enabledGroups = enabled ? _enabledGroups | 1u << group : _enabledGroups & ~(1u << group);

    /// <summary>ICC_AP0R0_EL1, ICC_AP1R0_EL1.</summary>
    public uint ActivePriorities(int group) => group == 0 ? _active0 : _active1;

    /// <inheritdoc cref="ActivePriorities"/>
    public void SetActivePriorities(int group, uint value) => ActiveOf(group) = value;

    /// <summary>Whether an interrupt would be signalled: it is above the priority mask and preempts what runs. Equal is not above.</summary>
    public bool CanPreempt(in PendingInterrupt interrupt)
    {
        if (!interrupt.Exists || interrupt.Priority >= _priorityMask)
        {
            return false;
        }

        var running = RunningPriority;
        var mask = GroupMask(interrupt.Group);
        return running == IdlePriority || (interrupt.Priority & mask) < (profile.RunningPriorityIsMasked ? running & mask : running);
    }

    /// <summary>An interrupt is acknowledged: its group priority runs.</summary>
    public void Activate(in PendingInterrupt interrupt) =>
        ActiveOf(interrupt.Group) |= 1u << ((interrupt.Priority & GroupMask(interrupt.Group)) >> PriorityShift);

    /// <summary>Drops the most urgent active priority, whichever group's; where both have it, group 1's.</summary>
    /// <returns>It, or <see cref="IdlePriority"/> where none was active.</returns>
    public byte DropPriority() => DropPriority(BitOperations.TrailingZeroCount(_active0) < BitOperations.TrailingZeroCount(_active1) ? 0 : 1);

    /// <summary>Drops the most urgent active priority of a group.</summary>
    /// <returns>What was running, or <see cref="IdlePriority"/>.</returns>
    public byte DropPriority(int group)
    {
        var dropped = RunningPriority;
        ref var active = ref ActiveOf(group);
        active &= active - (active == 0 ? 0u : 1u);
        return dropped;
    }

    /// <summary>The CPU is reset: everything as at first, but for what user space has said of the host's registers.</summary>
    public void Reset()
    {
        (_priorityMask, _binaryPoint0, _binaryPoint1) = (0, LeastBinaryPoint0, LeastBinaryPoint1);
        (_control, _enabledGroups, _active0, _active1) = (0, 0, 0, 0);
    }

    public void SyncState(StateSync sync)
    {
        sync.Row("PMR", ref _priorityMask);
        sync.Row("BPR0", ref _binaryPoint0);
        sync.Row("BPR1", ref _binaryPoint1);
        sync.Row("CTLR", ref _control);
        sync.Row("CTLR identification", ref _identification);
        sync.Row("IGRPEN", ref _enabledGroups);
        sync.Row("AP0R0", ref _active0);
        sync.Row("AP1R0", ref _active1);
        if (sync.Loading)
        {
            StateCheck.Bits("PMR", _priorityMask, PriorityBits);
            StateCheck.Range("BPR0", _binaryPoint0, LeastBinaryPoint0, GreatestBinaryPoint);
            StateCheck.Range("BPR1", _binaryPoint1, LeastBinaryPoint1, GreatestBinaryPoint);
            StateCheck.Bits("CTLR", _control, ControlWritable);
            StateCheck.Bits("CTLR identification", _identification, PriorityBitsField | IdentifierBitsField | FixedFields);
            StateCheck.Bits("IGRPEN", _enabledGroups, 3);
        }
    }

    private ref uint ActiveOf(int group) => ref group == 0 ? ref _active0 : ref _active1;
}
