namespace Trapline.Devices.Arm.Its;

/// <summary>The last registers of the control frame: PIDR and CIDR of an ITS.</summary>
internal static class ItsIdentification
{
    private const ulong Pidr4 = 0xFFD0;
    private const ulong Pidr0 = 0xFFE0;
    private const ulong Pidr1 = 0xFFE4;
    private const ulong Pidr2 = 0xFFE8;
    private const ulong Cidr0 = 0xFFF0;
    private const ulong Cidr1 = 0xFFF4;
    private const ulong Cidr2 = 0xFFF8;
    private const ulong Cidr3 = 0xFFFC;

    /// <param name="offset">From the base of the ITS.</param>
    /// <param name="isQemu">QEMU has other numbers for size and part.</param>
    /// <returns>0 for what is none of them.</returns>
    public static uint Read(ulong offset, bool isQemu) => offset switch
    {
        Pidr4 => isQemu ? 0x44u : 0x40u,
        Pidr0 => isQemu ? 0x94u : 0x92u,
        Pidr1 => 0xB4,
        Pidr2 => 0x3B,
        Cidr0 => 0x0D,
        Cidr1 => 0xF0,
        Cidr2 => 0x05,
        Cidr3 => 0xB1,
        _ => 0,
    };
}
