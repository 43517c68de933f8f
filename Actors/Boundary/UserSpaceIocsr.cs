using Trapline.Devices.Common;

namespace Trapline.Actors.Boundary;

/// <summary>
/// IOCSR registers that stay in user space with an in-kernel interrupt controller: the constant ones that name the
/// machine, with QEMU's values (hw/loongarch/virt.c). All others read 0 and swallow writes.
/// </summary>
internal static class UserSpaceIocsr
{
    private const ulong Version = 0x11;

    /// <summary>MSI, extended I/O interrupts, CSR IPI, and bit 11: a virtual machine.</summary>
    private const ulong Features = 0x81C;

    /// <summary>"Loongson".</summary>
    private const ulong Vendor = 0x6E6F_7367_6E6F_6F4C;

    /// <summary>"3A5000".</summary>
    private const ulong CpuName = 0x3030_3035_4133;

    /// <summary>Sign-extended from the width, as the kernel completes the read.</summary>
    public static ulong Read(ulong address, int width)
    {
        var value = address switch
        {
            0x00 => Version,
            0x08 => Features,
            0x10 => Vendor,
            0x20 => CpuName,
            _ => 0UL,
        };
        return BusValue.SignExtend(value, width);
    }
}
