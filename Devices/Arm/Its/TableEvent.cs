namespace Trapline.Devices.Arm.Its;

/// <summary>
/// An interrupt translation table entry of QEMU's, 12 bytes: valid in bit 0, physical in bit 1, INTID in 25:2, ICID in 47:32; then 4 bytes of
/// the doorbell of virtual ones.
/// </summary>
internal readonly record struct TableEvent(ulong Entry)
{
    /// <summary>"None", as QEMU writes it for what is not virtual.</summary>
    public const uint Doorbell = InterruptIds.Spurious;

    private const ulong Physical = 2;
    private const int InterruptShift = 2;
    private const ulong InterruptMask = 0xFF_FFFF;
    private const int CollectionShift = 32;

    public bool IsValid => (Entry & 1) != 0 && (Entry & Physical) != 0;

    public int Interrupt => (int)((Entry >> InterruptShift) & InterruptMask);

    public ushort Collection => (ushort)(Entry >> CollectionShift);

    public static ulong Of(uint interrupt, ushort collection) =>
        1 | Physical | ((interrupt & InterruptMask) << InterruptShift) | ((ulong)collection << CollectionShift);
}
