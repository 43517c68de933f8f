using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Devices.LoongArch.Misc;

/// <summary>
/// The IOCSR registers that stay in user space with an in-kernel interrupt controller too: those that name the machine,
/// and MISC_FUNC, which switches the extended I/O interrupts on. With QEMU's values (hw/loongarch/virt.c). It keeps no
/// state: what MISC_FUNC shows is VIRT_CONFIG of EIOINTC.
/// </summary>
/// <remarks>
/// Where <see cref="NeedsVirtualConfig"/> says so, the caller reads VIRT_CONFIG (IOCSR 0x40000004, four bytes) for the
/// access, as the same CPU: QEMU does so at a read and at a write. A write then asks for VIRT_CONFIG to be written back
/// with more bits, through that register's own rule, also where nothing is added.
/// </remarks>
/// <param name="host">Hears of refused accesses.</param>
/// <param name="profile">Decides whether there is a virtual extension and what the features say.</param>
/// <param name="virtualExtension">Whether the machine has the virtual extension (QEMU's <c>v-eiointc</c>), if the profile knows it.</param>
public sealed class IocsrMisc(IDeviceHost host, LoongArchProfile profile, bool virtualExtension)
{
    /// <summary>MISC_FUNC: the extended I/O interrupts are enabled.</summary>
    public const ulong ExtendedInterruptEnable = 1UL << 48;

    /// <summary>MISC_FUNC: IPMAP holds numbers, not bits.</summary>
    public const ulong ExtendedInterruptEncode = 1UL << 49;

    private const ulong VersionValue = 0x11;

    /// <summary>Message interrupts, extended I/O interrupts, IPI by CSR.</summary>
    private const ulong FeatureBits = 0x1C;
    private const ulong VirtualMachineFeature = 1UL << 11;

    /// <summary>"Loongson".</summary>
    private const ulong VendorValue = 0x6E6F_7367_6E6F_6F4C;

    /// <summary>"3A5000".</summary>
    private const ulong CpuNameValue = 0x3030_3035_4133;

    private const uint ConfigEnable = 1u << 1;
    private const uint ConfigEncode = 1u << 2;
    private const int NoLine = -1;

    private readonly bool _hasExtension = virtualExtension && profile.VirtualExtension != VirtualExtension.Absent;

    /// <summary>Whether an access makes nested accesses to VIRT_CONFIG.</summary>
    public bool NeedsVirtualConfig(ulong address, int size) =>
        _hasExtension && address == IocsrMiscRegisters.MiscFunction && IsWideEnough(size);

    /// <summary>Reads a register; what is none reads 0, and one or two bytes do too.</summary>
    /// <param name="address">In the IOCSR space; the exact address of a register, for QEMU looks at no other.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <param name="virtualConfig">VIRT_CONFIG, where the access needs it.</param>
    /// <returns>Extended to 64 bits as the bus of the profile does it.</returns>
    public ulong Read(ulong address, int size, uint virtualConfig)
    {
        if (IocsrMiscRegisters.NameOf(address) is null || !IsWideEnough(size))
        {
            Refuse(address, size, isWrite: false);
            return 0;
        }

        var value = address switch
        {
            IocsrMiscRegisters.Version => VersionValue,
            IocsrMiscRegisters.Features => profile.AdvertisesVirtualMachine ? FeatureBits | VirtualMachineFeature : FeatureBits,
            IocsrMiscRegisters.Vendor => VendorValue,
            IocsrMiscRegisters.CpuName => CpuNameValue,
            _ => _hasExtension ? MiscFunctionOf(virtualConfig) : ExtendedInterruptEnable,
        };
        return profile.NarrowRead.OfUserSpace(value, size);
    }

    /// <summary>Writes a register: all but MISC_FUNC ignore it, and that too without the virtual extension.</summary>
    /// <param name="address">In the IOCSR space.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <param name="value">The whole source register.</param>
    /// <param name="addToVirtualConfig">Bits to add to VIRT_CONFIG; no write can take one away.</param>
    /// <returns>Whether VIRT_CONFIG is to be read, and written with the bits added.</returns>
    public bool Write(ulong address, int size, ulong value, out uint addToVirtualConfig)
    {
        addToVirtualConfig = 0;
        if (!NeedsVirtualConfig(address, size))
        {
            Refuse(address, size, isWrite: true);
            return false;
        }

        // The narrowest write that QEMU lets through has four bytes, which do not reach the bits at 48 and above.
        if (size == sizeof(ulong))
        {
            addToVirtualConfig = ((value & ExtendedInterruptEnable) != 0 ? ConfigEnable : 0)
                | ((value & ExtendedInterruptEncode) != 0 ? ConfigEncode : 0);
        }

        return true;
    }

    private static bool IsWideEnough(int size) => size >= sizeof(uint);

    private static ulong MiscFunctionOf(uint virtualConfig) =>
        ((virtualConfig & ConfigEnable) != 0 ? ExtendedInterruptEnable : 0)
        | ((virtualConfig & ConfigEncode) != 0 ? ExtendedInterruptEncode : 0);

    private void Refuse(ulong address, int size, bool isWrite)
    {
        if (host.Listening)
        {
            host.Report(new DeviceReport(ReportKind.Refused, NoLine, AccessDetail.Of(address, size, isWrite)));
        }
    }
}
