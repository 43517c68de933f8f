namespace Trapline.Devices.Arm.Ownership;

/// <summary>An SPI is ended by a CPU interface that does not hold it.</summary>
/// <param name="InterruptId">INTID.</param>
/// <param name="IsDirect">True by DIR. False by EOIR, which deactivates only an interrupt of the group and the priority that it dropped.</param>
/// <param name="Group">Of EOIR: 0 or 1.</param>
/// <param name="DroppedPriority">Of EOIR: the group priority that was dropped; the board compares it with the interrupt's own under <paramref name="GroupMask"/>.</param>
/// <param name="GroupMask">Of EOIR: which bits are the group priority.</param>
/// <param name="Sequence">
/// Of the last <see cref="Handover"/> before the board fetched the interrupt, where it was active on this CPU then: what is ended is that
/// activation and no later one. 0 where this CPU did not have it active.
/// </param>
public readonly record struct Deactivation(int InterruptId, bool IsDirect, int Group, byte DroppedPriority, byte GroupMask, uint Sequence)
{
    private const int GroupShift = 1;
    private const int PriorityShift = 8;
    private const int MaskShift = 16;
    private const int SequenceShift = 32;

    /// <summary>All but the INTID, in one word: how in 0, group in 1, priority in 15:8, mask in 23:16, sequence in 63:32.</summary>
    public ulong Packed => (IsDirect ? 1UL : 0) | ((ulong)(Group & 1) << GroupShift) | ((ulong)DroppedPriority << PriorityShift) | ((ulong)GroupMask << MaskShift)
        | ((ulong)Sequence << SequenceShift);

    public static Deactivation Unpack(int interruptId, ulong word) =>
        new(interruptId, (word & 1) != 0, (int)(word >> GroupShift) & 1, (byte)(word >> PriorityShift), (byte)(word >> MaskShift), (uint)(word >> SequenceShift));
}
