namespace Trapline.Devices.LoongArch.Misc;

/// <summary>
/// IOCSR addresses of the registers that name the machine and of MISC_FUNC (Loongson 3A5000 manual, chapter on chip
/// configuration; Linux arch/loongarch/include/asm/loongarch.h).
/// </summary>
public static class IocsrMiscRegisters
{
    public const ulong Version = 0x0000;
    public const ulong Features = 0x0008;
    public const ulong Vendor = 0x0010;
    public const ulong CpuName = 0x0020;
    public const ulong MiscFunction = 0x0420;

    /// <summary>First address after those that QEMU maps.</summary>
    public const ulong End = 0x0428;

    /// <summary>The manual's name of the register at an address, or null where none is.</summary>
    public static string? NameOf(ulong address) => address switch
    {
        Version => "VERSION",
        Features => "FEATURES",
        Vendor => "VENDOR",
        CpuName => "CPUNAME",
        MiscFunction => "MISC_FUNC",
        _ => null,
    };
}
