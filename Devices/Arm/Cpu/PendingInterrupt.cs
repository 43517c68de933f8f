namespace Trapline.Devices.Arm.Cpu;

/// <summary>The interrupt that a CPU interface would acknowledge first.</summary>
/// <param name="InterruptId">INTID, or <see cref="InterruptIds.Spurious"/> for none.</param>
/// <param name="Priority">Lower is more urgent.</param>
/// <param name="Group">0 or 1.</param>
public readonly record struct PendingInterrupt(int InterruptId, byte Priority, int Group)
{
    public static readonly PendingInterrupt None = new(InterruptIds.Spurious, byte.MaxValue, 1);

    public bool Exists => InterruptId != InterruptIds.Spurious;

    /// <summary>The lower number goes first; of equal ones the lower INTID, so SGI, PPI, SPI, LPI (spec gicv3-its 1.5).</summary>
    public bool IsBefore(in PendingInterrupt other) => Priority != other.Priority ? Priority < other.Priority : InterruptId < other.InterruptId;
}
