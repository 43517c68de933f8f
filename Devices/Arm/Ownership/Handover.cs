namespace Trapline.Devices.Arm.Ownership;

/// <summary>
/// The board gives an SPI or LPI to a CPU interface, or tells the one that has it what is new. It is idempotent: a repeated one sets
/// the same latch.
/// </summary>
/// <param name="InterruptId">INTID, 32 to 65535.</param>
/// <param name="Priority">As arbitration sees it; lower is more urgent.</param>
/// <param name="Flags">Its state.</param>
/// <param name="Sequence">Counts the hand-overs of this interrupt: a CPU that lets go names the last it got, and the board knows whether another is on its way.</param>
public readonly record struct Handover(int InterruptId, byte Priority, HandoverFlags Flags, uint Sequence)
{
    private const int PriorityShift = 16;
    private const int FlagsShift = 24;
    private const int SequenceShift = 32;

    /// <summary>One word of a message: INTID in 15:0, priority in 23:16, flags in 31:24, sequence in 63:32.</summary>
    public ulong Packed => (ushort)InterruptId | ((ulong)Priority << PriorityShift) | ((ulong)Flags << FlagsShift) | ((ulong)Sequence << SequenceShift);

    public static Handover Unpack(ulong word) =>
        new((ushort)word, (byte)(word >> PriorityShift), (HandoverFlags)(byte)(word >> FlagsShift), (uint)(word >> SequenceShift));
}
