namespace Trapline.Machines.Recordings.Arm;

/// <summary>
/// One line of a GICv3 recording. By <see cref="Kind"/>, a register access, an interrupt acknowledged or ended, a wire with its
/// level, a message, a command, or a store to memory; fields that a kind does not name are zero.
/// </summary>
internal readonly record struct GicEvent : IRecordedEvent
{
    /// <summary>The letters of the grammar.</summary>
    public const string Letters = "WRAEDILMCPFSKZ";

    public long Line { get; init; }

    public GicEventKind Kind { get; init; }

    public GicFrame Frame { get; init; }

    /// <summary>Bytes of an access: 1, 2, 4 or 8.</summary>
    public byte Size { get; init; }

    /// <summary>Area of memory: Q, 0, 1, P or N.</summary>
    public byte Area { get; init; }

    /// <summary>The CPU that accesses, whose wire or input changes, that is switched or reset.</summary>
    public int Cpu { get; init; }

    /// <summary>Whose redistributor it is.</summary>
    public int Index { get; init; }

    /// <summary>INTID; as written to or read from a register.</summary>
    public int InterruptId { get; init; }

    /// <summary>System register of <see cref="GicFrame.CpuInterface"/>.</summary>
    public GicSystemRegister? Register { get; init; }

    /// <summary>Offset of a register in its frame or of a command in its queue; address of a store; DeviceID of a message.</summary>
    public ulong Address { get; init; }

    /// <summary>What was read, written, stored, filled with; a level; EventID of a message.</summary>
    public ulong Value { get; init; }

    /// <summary>Bytes of a fill.</summary>
    public int Length { get; init; }

    public GicCommandWords Command { get; init; }

    public bool Level => Value != 0;

    /// <summary>The line as the grammar has it.</summary>
    public override string ToString() => Kind switch
    {
        GicEventKind.Write => $"W {Cpu} {Place} {Size} 0x{Value:x}",
        GicEventKind.Read => $"R {Cpu} {Place} {Size} 0x{Value:x}",
        GicEventKind.Acknowledge => $"A {Cpu} {InterruptId}",
        GicEventKind.End => $"E {Cpu} {InterruptId}",
        GicEventKind.Deactivate => $"D {Cpu} {InterruptId}",
        GicEventKind.CpuLine => $"I {Cpu} {Value}",
        GicEventKind.SpiLine => $"L spi {InterruptId} {Value}",
        GicEventKind.PpiLine => $"L ppi {Cpu} {InterruptId} {Value}",
        GicEventKind.Message => $"M 0x{Address:x} 0x{Value:x}",
        GicEventKind.Command => $"C {Command} 0x{Address:x}",
        GicEventKind.Property => $"P {InterruptId} 0x{Value:x}",
        GicEventKind.Fill => $"F {(char)Area} 0x{Address:x} {Length} 0x{Value:x2}",
        GicEventKind.Store => $"S {Cpu} {(char)Area} 0x{Address:x} {Size} 0x{Value:x}",
        GicEventKind.CpuOff => $"K {Cpu} off",
        GicEventKind.CpuOn => $"K {Cpu} on",
        _ => "Z",
    };

    private string Place => Frame switch
    {
        GicFrame.Distributor => $"dist 0x{Address:x}",
        GicFrame.Redistributor => $"redist{Index} 0x{Address:x}",
        GicFrame.Its => $"its 0x{Address:x}",
        _ => $"icc {Register!.Name}",
    };
}
