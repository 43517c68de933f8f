namespace Trapline.Devices.Common.Serial;

/// <summary>Offsets of the registers of <see cref="LineDriver"/>, each of eight bytes.</summary>
public static class LineDriverRegisters
{
    /// <summary>Characters still to type; writing starts, 0 stops.</summary>
    public const int Count = 0x00;

    /// <summary>Nanoseconds from one character to the next, and to the first; 0 counts as 1.</summary>
    public const int Period = 0x08;

    /// <summary>The next character; each that follows is one more, after 255 comes 0.</summary>
    public const int Character = 0x10;

    /// <summary>Characters typed so far. Read-only.</summary>
    public const int Typed = 0x18;

    /// <summary>Characters that came from the UART. Read-only.</summary>
    public const int Heard = 0x20;

    /// <summary>First offset after the registers.</summary>
    public const int End = 0x28;

    private static readonly string[] Names = ["COUNT", "PERIOD", "CHARACTER", "TYPED", "HEARD"];

    /// <summary>The name of the register that holds a byte, or null where none is. Allocates nothing.</summary>
    public static string? NameOf(ulong offset) => offset < End ? Names[offset / sizeof(ulong)] : null;
}
