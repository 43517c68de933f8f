using Trapline.Devices.Arm.Ownership;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Cpu;

/// <summary>An SPI or LPI that the board has given to a CPU interface.</summary>
internal struct HeldInterrupt
{
    /// <summary>Of <see cref="HeldInterrupt.Position"/>: it waits in no queue.</summary>
    public const int NotQueued = -1;

    public ushort InterruptId;
    public byte Priority;
    public bool Latched;
    public bool Line;
    public bool IsLevelTriggered;
    public bool Active;
    public bool IsGroup1;

    /// <summary>Of the last <see cref="Handover"/>.</summary>
    public uint Sequence;

    /// <summary>Where it is in the queue of its group; derived.</summary>
    public int Position;

    public readonly bool IsPending => Latched || (Line && IsLevelTriggered);

    public readonly bool IsLpi => InterruptIds.IsLpi(InterruptId);

    public readonly int Group => IsGroup1 ? 1 : 0;

    /// <summary>Its place in the order of arbitration: priority first, then the lower INTID.</summary>
    public readonly uint Key => ((uint)Priority << 16) | InterruptId;

    public readonly PendingInterrupt AsPending => new(InterruptId, Priority, Group);

    public void SyncState(StateSync sync)
    {
        uint interruptId = InterruptId;
        sync.Row("interrupt", ref interruptId);
        sync.Row("priority", ref Priority);
        sync.Row("latched", ref Latched);
        sync.Row("line", ref Line);
        sync.Row("level-triggered", ref IsLevelTriggered);
        sync.Row("active", ref Active);
        sync.Row("group 1", ref IsGroup1);
        sync.Row("sequence", ref Sequence);
        StateCheck.Range("interrupt", interruptId, 0, ushort.MaxValue);
        InterruptId = (ushort)interruptId;
    }
}
