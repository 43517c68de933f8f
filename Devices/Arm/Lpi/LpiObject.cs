namespace Trapline.Devices.Arm.Lpi;

/// <summary>
/// One LPI as KVM has it: an object of the whole VM, shared by all that is mapped to its INTID. Eight bytes, so that all 57,344
/// are half of the second-level cache of the host's CPU; how many refer to it is in <see cref="LpiTable"/>, beside it, since a message does not ask.
/// </summary>
internal struct LpiObject
{
    private const byte ExistsFlag = 1;
    private const byte LatchedFlag = 2;
    private const byte ReturnedFlag = 4;
    private const byte ReferencedFlag = 8;

    /// <summary>Of the last hand-over to its target, which has it; 0 where no CPU interface has it.</summary>
    public uint Sequence { get; set; }

    /// <summary>Index of the vCPU, or <see cref="LpiStore.Nobody"/>. <see cref="LpiTable"/> sets it.</summary>
    public short Target { get; set; }

    /// <summary>As it was read last: bit 0 enables, bits 7:2 are the priority.</summary>
    public byte Property { get; set; }

    // Last: fields have the order of their declarations, and there are to be no gaps.
    private byte _flags;

    /// <summary>Otherwise all else is meaningless.</summary>
    public bool Exists
    {
        readonly get => (_flags & ExistsFlag) != 0;
        set => Set(ExistsFlag, value);
    }

    /// <summary>Pending; false while a CPU interface has it, with the latch.</summary>
    public bool IsLatched
    {
        readonly get => (_flags & LatchedFlag) != 0;
        set => Set(LatchedFlag, value);
    }

    /// <summary>It came back within the operation under way: alive until that is over.</summary>
    public bool IsReturned
    {
        readonly get => (_flags & ReturnedFlag) != 0;
        set => Set(ReturnedFlag, value);
    }

    /// <summary>An entry of an interrupt translation table refers to it.</summary>
    public bool IsReferenced
    {
        readonly get => (_flags & ReferencedFlag) != 0;
        set => Set(ReferencedFlag, value);
    }

    public readonly bool IsEnabled => (Property & LpiTables.PropertyEnabled) != 0;

    /// <summary>Whether anything keeps it alive.</summary>
    public readonly bool IsUsed => Sequence != 0 || (_flags & (ReturnedFlag | ReferencedFlag)) != 0;

    private void Set(byte flag, bool value) => _flags = (byte)(value ? _flags | flag : _flags & ~flag);
}
