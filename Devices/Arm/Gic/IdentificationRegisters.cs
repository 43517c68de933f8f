using Trapline.Devices.Arm.Profiles;

namespace Trapline.Devices.Arm.Gic;

/// <summary>The registers at the end of each frame that say what it is.</summary>
internal static class IdentificationRegisters
{
    public const int First = 0xFFD0;
    public const int End = 0x10000;

    /// <summary>PIDR0 of a distributor and of a redistributor, where it is readable.</summary>
    public const byte Distributor = 0x92;
    public const byte Redistributor = 0x93;

    private const int PeripheralId2 = 0xFFE8;

    /// <summary>KVM answers PIDR2 alone, with GICv3; QEMU all of Arm's, PIDR4 first.</summary>
    public static uint Read(GicProfile profile, int offset, byte part)
    {
        ReadOnlySpan<byte> all = [0x44, 0, 0, 0, part, 0xB4, 0x3B, 0, 0x0D, 0xF0, 0x05, 0xB1];
        var isShown = profile.FullIdentification || offset == PeripheralId2;
        return isShown ? all[(offset - First) / sizeof(uint)] : 0u;
    }
}
