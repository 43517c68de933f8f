namespace Trapline.Devices.LoongArch.Profiles;

/// <summary>Row D21: which access widths PCH-PIC takes.</summary>
public enum PicWidths : byte
{
    /// <summary>1, 2, 4 and 8 bytes, aligned; only addressed bytes change.</summary>
    Any,

    /// <summary>Aligned; registers of pins as four bytes whatever the width, tables as one byte.</summary>
    Fixed,

    /// <summary>As <see cref="Fixed"/>, and alignment is not checked.</summary>
    FixedUnaligned,

    /// <summary>4 or 8 bytes for registers of pins, 8 as two of 4; one byte for 0x100 to 0x39f. Others fault.</summary>
    PerRegion,
}
