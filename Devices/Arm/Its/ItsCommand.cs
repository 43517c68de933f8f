namespace Trapline.Devices.Arm.Its;

/// <summary>One command as it stands in the queue; reserved fields are ignored (spec gicv3-its 7.2).</summary>
/// <param name="Word0">The opcode and the DeviceID.</param>
/// <param name="Word1">EventID, INTID; the size of a table.</param>
/// <param name="Word2">Collection, target, address of a table, and whether it is a mapping or its end.</param>
/// <param name="Word3">The second target of MOVALL.</param>
public readonly record struct ItsCommand(ulong Word0, ulong Word1, ulong Word2, ulong Word3)
{
    public const int Bytes = 32;

    private const int HighShift = 32;
    private const int TargetShift = 16;
    private const ulong SizeMask = 0x1F;
    private const ulong WideTargetMask = (1UL << 36) - 1;

    /// <summary>Bits 51:8: where a table of events may be.</summary>
    internal const ulong TableAddressMask = 0x000F_FFFF_FFFF_FF00;

    public ItsOpcode Opcode => (ItsOpcode)(byte)Word0;

    public uint DeviceId => (uint)(Word0 >> HighShift);

    public uint EventId => (uint)Word1;

    /// <summary>Of MAPTI; MAPI maps an event to the INTID of its own number.</summary>
    public uint InterruptId => Opcode == ItsOpcode.Mapi ? EventId : (uint)(Word1 >> HighShift);

    public ushort Collection => (ushort)Word2;

    /// <summary>V: a mapping is made; otherwise it ends.</summary>
    public bool IsValid => Word2 >> 63 != 0;

    /// <summary>Of MAPC: GICR_TYPER.Processor_Number, the vCPU's id.</summary>
    public uint Target => (uint)(Word2 >> TargetShift);

    /// <summary>Of MOVALL: where to.</summary>
    public uint SecondTarget => (uint)(Word3 >> TargetShift);

    /// <summary>Both targets of MOVALL as QEMU takes them: 36 bits, so that none is cut to a vCPU that was not meant.</summary>
    internal (ulong From, ulong To) WideTargets => ((Word2 >> TargetShift) & WideTargetMask, (Word3 >> TargetShift) & WideTargetMask);

    /// <summary>Of MAPD: bits of EventID, 1 to 32.</summary>
    public int EventBits => (int)(Word1 & SizeMask) + 1;

    /// <summary>Of MAPD: the interrupt translation table, guest physical.</summary>
    public ulong TableAddress => Word2 & TableAddressMask;
}
