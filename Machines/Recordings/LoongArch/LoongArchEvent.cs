namespace Trapline.Machines.Recordings.LoongArch;

/// <summary>
/// One line of a recording. By <see cref="Kind"/>, an access (CPU, space, address, size, value), a pin or line with its
/// level, or an interrupt taken; fields that a kind does not name are zero.
/// </summary>
internal readonly record struct LoongArchEvent : IRecordedEvent
{
    /// <summary>The letters of the kinds, in their order.</summary>
    public const string Letters = "WRwrLlMXxOoI";

    /// <summary>Number of the line in the file, from 1.</summary>
    public long Line { get; init; }

    public LoongArchEventKind Kind { get; init; }

    public LoongArchSpace Space { get; init; }

    /// <summary>Bytes: 1, 2, 4 or 8.</summary>
    public byte Size { get; init; }

    /// <summary>The CPU that accesses, whose line changes, or that takes the interrupt; of a nested access, the one whose registers are hit.</summary>
    public int Cpu { get; init; }

    /// <summary>Input of PCH-PIC or EIOINTC, or bit number of a CPU's line in ESTAT.IS; of an interrupt, its number.</summary>
    public int Pin { get; init; }

    public ulong Address { get; init; }

    /// <summary>What was read or written; level of a pin or line; of an interrupt, ESTAT.IS.</summary>
    public ulong Value { get; init; }

    /// <summary>Of an interrupt: ECFG.LIE.</summary>
    public ulong Enabled { get; init; }

    public bool Level => Value != 0;

    /// <summary>The line as the grammar has it.</summary>
    public override string ToString()
    {
        var letter = Letters[(int)Kind];
        return Kind switch
        {
            LoongArchEventKind.PicPin or LoongArchEventKind.PicPinAgain => $"{letter} pic {Pin} {Value}",
            LoongArchEventKind.VectorPin or LoongArchEventKind.VectorPinAgain => $"{letter} ext {Pin} {Value}",
            LoongArchEventKind.CpuLine or LoongArchEventKind.CpuLineAgain => $"{letter} {Cpu} {Pin} {Value}",
            LoongArchEventKind.MessageInterrupt => $"{letter} 0x{Address:x} {Size} 0x{Value:x}",
            LoongArchEventKind.Interrupt => $"{letter} {Cpu} {Pin} 0x{Value:x} 0x{Enabled:x}",
            _ => $"{letter} {Cpu} {(Space == LoongArchSpace.Iocsr ? "iocsr" : "mem")} 0x{Address:x} {Size} 0x{Value:x}",
        };
    }
}
