using System.Buffers.Text;
using System.Numerics;
using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Cpu;

namespace Trapline.Machines.Recordings.Arm;

/// <summary>The fields of each kind of line, checked against the machine of the head.</summary>
internal sealed class GicLineParser(GicHeader header)
{
    /// <summary>No bus has wider accesses; what is wider than a register is refused by its width.</summary>
    private const int MostBytes = 65;

    /// <summary>EOIR and DIR take 24 bits.</summary>
    private const int InterruptEnd = 1 << 24;

    private const int SpiEnd = InterruptIds.FirstSpi + RecordingLimits.GicSpis;

    private const ulong DistributorBytes = 0x1_0000;

    /// <summary>RD frame and SGI frame; control frame and translation frame.</summary>
    private const ulong TwoFrames = 0x2_0000;

    /// <summary>Bytes of the greatest command queue.</summary>
    private const ulong QueueBytes = 0x10_0000;

    /// <summary>The event of a line whose letter has been read.</summary>
    /// <exception cref="RecordingException">A field is wrong.</exception>
    public GicEvent Parse(ref FieldReader fields, byte letter, long line) => letter switch
    {
        (byte)'W' => ParseAccess(ref fields, GicEventKind.Write) with { Line = line },
        (byte)'R' => ParseAccess(ref fields, GicEventKind.Read) with { Line = line },
        (byte)'A' => ParseInterrupt(ref fields, GicEventKind.Acknowledge) with { Line = line },
        (byte)'E' => ParseInterrupt(ref fields, GicEventKind.End) with { Line = line },
        (byte)'D' => ParseInterrupt(ref fields, GicEventKind.Deactivate) with { Line = line },
        (byte)'I' => new() { Line = line, Kind = GicEventKind.CpuLine, Cpu = Cpu(ref fields), Value = fields.Level() },
        (byte)'L' => ParseWire(ref fields) with { Line = line },
        (byte)'M' => new() { Line = line, Kind = GicEventKind.Message, Address = fields.Hexadecimal("a DeviceID", uint.MaxValue), Value = fields.Hexadecimal("an EventID", uint.MaxValue) },
        (byte)'C' => ParseCommand(ref fields) with { Line = line },
        (byte)'P' => new()
        {
            Line = line,
            Kind = GicEventKind.Property,
            InterruptId = fields.Decimal("an LPI's INTID", InterruptIds.FirstLpi, InterruptIds.LpiEnd),
            Value = fields.Hexadecimal("a property byte", byte.MaxValue),
        },
        (byte)'F' => ParseFill(ref fields) with { Line = line },
        (byte)'S' => ParseStore(ref fields) with { Line = line },
        (byte)'K' => ParseSwitch(ref fields) with { Line = line },
        _ => new() { Line = line, Kind = GicEventKind.Reset },
    };

    private int Cpu(ref FieldReader fields) => fields.Decimal("a CPU", header.Cpus);

    private GicEvent ParseAccess(ref FieldReader fields, GicEventKind kind)
    {
        var cpu = Cpu(ref fields);
        var space = fields.Next("dist, redistN, its or icc");
        if (space.SequenceEqual("icc"u8))
        {
            return ParseSystemAccess(ref fields, kind) with { Cpu = cpu };
        }

        var (frame, index) = ParseFrame(ref fields, space);
        var offset = fields.Hexadecimal("an offset");
        var size = ParseSize(ref fields);
        var bytes = frame == GicFrame.Distributor ? DistributorBytes : TwoFrames;
        return offset < bytes && (ulong)size <= bytes - offset
            ? new() { Kind = kind, Cpu = cpu, Frame = frame, Index = index, Address = offset, Size = (byte)size, Value = ParseValue(ref fields, size) }
            : throw fields.Error($"{size} bytes at 0x{offset:x} are not in {FieldReader.Show(space)}, which has 0x{bytes:x} bytes");
    }

    private static GicEvent ParseSystemAccess(ref FieldReader fields, GicEventKind kind)
    {
        var name = fields.Next("a register's name");
        var register = GicSystemRegister.Find(name) ?? throw fields.Wrong(name, "a register of the CPU interface without ICC_ and _EL1");
        if (register.WhySkipped is null && !(kind == GicEventKind.Read ? IccRegisters.IsReadable(register.Register) : IccRegisters.IsWritable(register.Register)))
        {
            throw fields.Error($"ICC_{register.Name}_EL1 cannot be {(kind == GicEventKind.Read ? "read" : "written")}: the guest would have taken an exception");
        }

        return new()
        {
            Kind = kind,
            Frame = GicFrame.CpuInterface,
            Register = register,
            Size = (byte)fields.Decimal("8, the bytes of a system register", sizeof(ulong), sizeof(ulong) + 1),
            Value = fields.Hexadecimal("a value"),
        };
    }

    private (GicFrame Frame, int Index) ParseFrame(ref FieldReader fields, ReadOnlySpan<byte> space)
    {
        var redistributor = "redist"u8;
        if (space.StartsWith(redistributor))
        {
            var number = space[redistributor.Length..];
            return Utf8Parser.TryParse(number, out uint index, out var used) && used == number.Length && index < (uint)header.Cpus
                ? (GicFrame.Redistributor, (int)index)
                : throw fields.Wrong(space, $"redist0 to redist{header.Cpus - 1}");
        }

        if (space.SequenceEqual("its"u8))
        {
            return header.HasIts ? (GicFrame.Its, 0) : throw fields.Error("the machine of the head has no ITS");
        }

        return space.SequenceEqual("dist"u8) ? (GicFrame.Distributor, 0) : throw fields.Wrong(space, "dist, redistN, its or icc");
    }

    private static int ParseSize(ref FieldReader fields)
    {
        var size = fields.Decimal("a size in bytes", MostBytes);
        return size <= sizeof(ulong) && BitOperations.IsPow2(size) ? size : throw fields.Error($"an access of {size} bytes: 1, 2, 4 or 8 was expected");
    }

    private static ulong ParseValue(ref FieldReader fields, int size)
    {
        var value = fields.Hexadecimal("a value");
        return size == sizeof(ulong) || value >> (8 * size) == 0 ? value : throw fields.Error($"the value 0x{value:x} does not fit {size} bytes");
    }

    private GicEvent ParseInterrupt(ref FieldReader fields, GicEventKind kind) =>
        new() { Kind = kind, Cpu = Cpu(ref fields), InterruptId = fields.Decimal("an INTID", InterruptEnd) };

    private GicEvent ParseWire(ref FieldReader fields)
    {
        var wire = fields.Next("spi or ppi");
        if (wire.SequenceEqual("spi"u8))
        {
            return new() { Kind = GicEventKind.SpiLine, InterruptId = fields.Decimal("an SPI's INTID", InterruptIds.FirstSpi, SpiEnd), Value = fields.Level() };
        }

        return wire.SequenceEqual("ppi"u8)
            ? new() { Kind = GicEventKind.PpiLine, Cpu = Cpu(ref fields), InterruptId = fields.Decimal("a PPI's INTID", InterruptIds.FirstPpi, InterruptIds.PrivateCount), Value = fields.Level() }
            : throw fields.Wrong(wire, "spi or ppi");
    }

    private static GicEvent ParseCommand(ref FieldReader fields)
    {
        var digits = fields.Next("a command");
        Span<byte> bytes = stackalloc byte[GicCommandWords.Bytes];
        if (digits.Length != 2 * GicCommandWords.Bytes || Convert.FromHexString(digits, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            throw fields.Wrong(digits, $"a command of {2 * GicCommandWords.Bytes} hexadecimal digits");
        }

        var offset = fields.Hexadecimal("an offset in the queue", QueueBytes - GicCommandWords.Bytes);
        if (offset % GicCommandWords.Bytes != 0)
        {
            throw fields.Error($"0x{offset:x} is no offset of a command: a multiple of {GicCommandWords.Bytes} was expected");
        }

        return new() { Kind = GicEventKind.Command, Address = offset, Command = GicCommandWords.Read(bytes) };
    }

    private static byte ParseArea(ref FieldReader fields)
    {
        var area = fields.Next("an area");
        return area.Length == 1 && "Q01PN"u8.Contains(area[0]) ? area[0] : throw fields.Wrong(area, "an area: Q, 0, 1, P or N");
    }

    private static GicEvent ParseFill(ref FieldReader fields) => new()
    {
        Kind = GicEventKind.Fill,
        Area = ParseArea(ref fields),
        Address = fields.Hexadecimal("an address", RecordingLimits.HighestAddress),
        Length = fields.Decimal("a number of bytes", RecordingLimits.FillBytes + 1),
        Value = fields.Hexadecimal("a byte", byte.MaxValue),
    };

    private GicEvent ParseStore(ref FieldReader fields)
    {
        var cpu = Cpu(ref fields);
        var area = ParseArea(ref fields);
        var address = fields.Hexadecimal("an address", RecordingLimits.HighestAddress);
        var size = ParseSize(ref fields);
        return new() { Kind = GicEventKind.Store, Cpu = cpu, Area = area, Address = address, Size = (byte)size, Value = ParseValue(ref fields, size) };
    }

    private GicEvent ParseSwitch(ref FieldReader fields)
    {
        var cpu = Cpu(ref fields);
        var state = fields.Next("on or off");
        var kind = state.SequenceEqual("on"u8) ? GicEventKind.CpuOn
            : state.SequenceEqual("off"u8) ? GicEventKind.CpuOff
            : throw fields.Wrong(state, "on or off");
        return new() { Kind = kind, Cpu = cpu };
    }
}
