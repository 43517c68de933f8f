namespace Trapline.Devices.Common.Sources;

/// <summary>Offsets of the registers of <see cref="LevelDevice"/>, each of eight bytes.</summary>
public static class LevelRegisters
{
    /// <summary>Bit 0: raises. It clears itself when COUNT is reached.</summary>
    public const int Control = 0x00;

    /// <summary>Nanoseconds from one raise to the next; 0: one raise when CONTROL is switched on.</summary>
    public const int Period = 0x08;

    /// <summary>Raises to make; 0: no end.</summary>
    public const int Count = 0x10;

    /// <summary>Bit 0: pending, and the pin is high. Read-only.</summary>
    public const int Status = 0x18;

    /// <summary>Writing 1 ends the pending raise and drops the pin. Reads 0.</summary>
    public const int Acknowledge = 0x20;

    /// <summary>Raises made, coalesced ones too; writing sets it.</summary>
    public const int Raised = 0x28;

    /// <summary>First offset after the registers.</summary>
    public const int End = 0x30;

    private static readonly string[] Names = ["CONTROL", "PERIOD", "COUNT", "STATUS", "ACK", "RAISED"];

    /// <summary>The name of the register that holds a byte, or null where none is. Allocates nothing.</summary>
    public static string? NameOf(ulong offset) => offset < End ? Names[offset / sizeof(ulong)] : null;
}
