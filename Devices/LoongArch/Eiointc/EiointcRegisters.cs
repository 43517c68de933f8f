namespace Trapline.Devices.LoongArch.Eiointc;

/// <summary>
/// The registers of EIOINTC in the IOCSR space: base addresses and offsets from them (Loongson 3A5000 manual, chapter on
/// extended I/O interrupts; Linux arch/loongarch/include/asm/kvm_eiointc.h).
/// </summary>
public static class EiointcRegisters
{
    public const ulong Base = 0x1400;

    /// <summary>First address after the registers, as Linux KVM registers them on its IOCSR bus.</summary>
    public const ulong End = 0x1D00;

    /// <summary>The window of the virtual extension; hardware has none.</summary>
    public const ulong VirtualBase = 0x4000_0000;
    public const ulong VirtualEnd = 0x4000_1000;

    /// <summary>NODETYPE: 16 registers of 16 bits.</summary>
    public const int NodeType = 0x0A0;

    /// <summary>IPMAP: a byte for each 32 vectors.</summary>
    public const int IpMap = 0x0C0;

    /// <summary>First offset after IPMAP.</summary>
    public const int IpMapEnd = 0x0C8;

    /// <summary>ENABLE, BOUNCE, ISR, COREISR: a bit for each vector, in words of 32.</summary>
    public const int Enable = 0x200;
    public const int Bounce = 0x280;
    public const int InputLatch = 0x300;
    public const int CoreStatus = 0x400;

    /// <summary>COREMAP: a byte for each vector.</summary>
    public const int CoreMap = 0x800;

    /// <summary>First offset after what QEMU took for COREISR until 2025 (defect FQ4).</summary>
    internal const int CoreStatusTooLargeEnd = 0x720;

    /// <summary>Length of NODETYPE and of each bitmap.</summary>
    internal const int FileBytes = 0x20;

    /// <summary>Offsets in the window of the virtual extension.</summary>
    public const int VirtualFeatures = 0x0;
    public const int VirtualConfiguration = 0x4;

    private const int CoreMapBytes = 0x100;

    private static readonly string[] Names = BuildNames();

    /// <summary>
    /// The name of the register at an offset from <see cref="Base"/>, with its index: of bitmaps the word of 32 vectors.
    /// Offsets without a register are written <c>+0x10</c>. Allocates nothing.
    /// </summary>
    public static string NameOf(int offset) => Names[offset];

    /// <summary>As <see cref="NameOf"/>, of an address anywhere in the device.</summary>
    public static string NameOfAddress(ulong address) => address switch
    {
        < VirtualBase => NameOf((int)(address - Base)),
        VirtualBase + VirtualFeatures => "VIRT_FEATURES",
        VirtualBase + VirtualConfiguration => "VIRT_CONFIG",
        _ => "VIRT+?",
    };

    /// <summary>Where an offset from <see cref="Base"/> lies, and the first offset there.</summary>
    internal static (EiointcRegion Region, int Start) Locate(int offset) => offset switch
    {
        >= NodeType and < NodeType + FileBytes => (EiointcRegion.NodeType, NodeType),
        >= IpMap and < IpMapEnd => (EiointcRegion.IpMap, IpMap),
        >= Enable and < Enable + FileBytes => (EiointcRegion.Enable, Enable),
        >= Bounce and < Bounce + FileBytes => (EiointcRegion.Bounce, Bounce),
        >= InputLatch and < InputLatch + FileBytes => (EiointcRegion.InputLatch, InputLatch),
        >= CoreStatus and < CoreStatus + FileBytes => (EiointcRegion.CoreStatus, CoreStatus),
        >= CoreMap and < CoreMap + CoreMapBytes => (EiointcRegion.CoreMap, CoreMap),
        _ => default,
    };

    private static string[] BuildNames()
    {
        var names = new string[(int)(End - Base)];
        for (var offset = 0; offset < names.Length; offset++)
        {
            var (region, start) = Locate(offset);
            var at = offset - start;
            names[offset] = region switch
            {
                EiointcRegion.NodeType => $"NODETYPE[{at / sizeof(ushort)}]",
                EiointcRegion.IpMap => $"IPMAP[{at}]",
                EiointcRegion.Enable => $"ENABLE[{at / sizeof(uint)}]",
                EiointcRegion.Bounce => $"BOUNCE[{at / sizeof(uint)}]",
                EiointcRegion.InputLatch => $"ISR[{at / sizeof(uint)}]",
                EiointcRegion.CoreStatus => $"COREISR[{at / sizeof(uint)}]",
                EiointcRegion.CoreMap => $"COREMAP[{at}]",
                _ => $"+0x{offset:x}",
            };
        }

        return names;
    }
}
