using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Devices.LoongArch.PchPic;

/// <summary>Which bits of which 64-bit register an access to PCH-PIC concerns (row D21).</summary>
/// <param name="Kind">Whether it is one at all.</param>
/// <param name="Register">Offset of the 64-bit register: a multiple of 8.</param>
/// <param name="Shift">Position of the lowest bit.</param>
/// <param name="Mask">The bits in place.</param>
internal readonly record struct PchPicAccess(PchPicAccessKind Kind, int Register, int Shift, ulong Mask)
{
    private const int RegisterBytes = sizeof(ulong);
    private const int WordBytes = sizeof(uint);

    /// <summary>QEMU maps three regions: words below and above, and between them one that takes single bytes.</summary>
    private const int ByteRegion = 0x100;
    private const int ByteRegionEnd = 0x3A0;

    public bool ReachesDevice => Kind is PchPicAccessKind.Whole or PchPicAccessKind.Halves;

    public static PchPicAccess Decode(PicWidths widths, int offset, int size) => widths switch
    {
        PicWidths.PerRegion => DecodePerRegion(offset, size),
        PicWidths.Fixed => IsAligned(offset, size) ? DecodeFixed(offset) : Not(PchPicAccessKind.Misaligned),
        PicWidths.FixedUnaligned => DecodeFixed(offset),
        _ => IsAligned(offset, size) ? Bytes(PchPicAccessKind.Whole, offset, size) : Not(PchPicAccessKind.Misaligned),
    };

    private static PchPicAccess DecodePerRegion(int offset, int size)
    {
        var isByte = offset is >= ByteRegion and < ByteRegionEnd;
        return !IsAligned(offset, size) || (isByte ? size != 1 : size < WordBytes) ? Not(PchPicAccessKind.Faulting)
            : Bytes(size == RegisterBytes ? PchPicAccessKind.Halves : PchPicAccessKind.Whole, offset, size);
    }

    /// <summary>Linux before 6.18: the code knows words and the tables' bytes, whatever the width of the instruction.</summary>
    private static PchPicAccess DecodeFixed(int offset) => PchPicRegisters.IsTable(offset)
        ? Bytes(PchPicAccessKind.Whole, offset, 1)
        : Bytes(PchPicAccessKind.Whole, offset & ~(WordBytes - 1), WordBytes);

    private static PchPicAccess Bytes(PchPicAccessKind kind, int offset, int size)
    {
        var shift = offset % RegisterBytes * 8;
        return new(kind, offset & ~(RegisterBytes - 1), shift, (ulong.MaxValue >> (64 - (size * 8))) << shift);
    }

    private static PchPicAccess Not(PchPicAccessKind kind) => new(kind, 0, 0, 0);

    private static bool IsAligned(int offset, int size) => (offset & (size - 1)) == 0;
}
