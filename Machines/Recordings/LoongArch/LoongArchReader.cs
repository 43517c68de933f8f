using System.Numerics;
using System.Text;
using Trapline.Actors.LoongArch;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.Misc;
using Trapline.Devices.LoongArch.PchMsi;

namespace Trapline.Machines.Recordings.LoongArch;

/// <summary>
/// Reads a recording of LoongArch interrupt controllers, event by event. Each field is checked against the grammar and
/// the machine of the head; what comes out can be replayed without further looks.
/// </summary>
internal sealed class LoongArchReader
{
    private const ulong PchPicBase = LoongArchAddressMap.PchPicBase;

    /// <summary>QEMU maps a page, which is more than KVM's window.</summary>
    private const ulong PchPicSize = 0x1000;
    private const ulong DoorbellBase = LoongArchAddressMap.DoorbellBase;

    /// <summary>No bus has wider accesses; what is wider than a register is refused by its width.</summary>
    private const int MostBytes = 65;

    private static readonly byte[] Letters = Encoding.ASCII.GetBytes(LoongArchEvent.Letters);

    private readonly LineReader _lines;
    private LoongArchEvent _first;
    private bool _hasFirst;
    private bool _ended;
    private bool _anyCause;

    /// <summary>Reads the head.</summary>
    /// <param name="lines">At the first line, which <see cref="RecordingFile"/> has seen.</param>
    /// <exception cref="RecordingException">The head is not of the grammar.</exception>
    public LoongArchReader(LineReader lines)
    {
        _lines = lines;
        Header = ReadHead();
    }

    public LoongArchHeader Header { get; }

    /// <summary>The recording says at its end that it is not whole: the machine was stopped.</summary>
    public bool Cut { get; private set; }

    /// <summary>The next event; false after the last.</summary>
    /// <exception cref="RecordingException">A line is not of the grammar, or the file does not end as a recording does.</exception>
    public bool TryRead(out LoongArchEvent recorded)
    {
        if (_hasFirst)
        {
            recorded = _first;
            _hasFirst = false;
            return true;
        }

        while (!_ended)
        {
            var line = NextLine();
            if (line[0] == '#')
            {
                NoteComment(line);
                continue;
            }

            recorded = Parse(line);
            return true;
        }

        recorded = default;
        return false;
    }

    private LoongArchHeader ReadHead()
    {
        var head = new LoongArchHeadReader();
        while (true)
        {
            var line = NextLine();
            if (line[0] == '#' && !IsEnd(line))
            {
                head.Add(RecordingComment.TextOf(line), _lines.Line);
                continue;
            }

            var header = head.Finish(_lines.Line);
            if (line[0] == '#')
            {
                NoteComment(line);
                return header;
            }

            // Parsed with the number of CPUs that the head has just given.
            _first = Parse(line, header.Cpus);
            _hasFirst = true;
            return header;
        }
    }

    /// <summary>A line that is not empty; the end of the file is an error, since a recording says when it ends.</summary>
    private ReadOnlySpan<byte> NextLine()
    {
        if (!_lines.TryRead(out var line))
        {
            throw new RecordingException(_lines.Line + 1, "the file ends here, but its last line should be '# end complete' or '# end cut': it was truncated");
        }

        return !line.IsEmpty ? line : throw new RecordingException(_lines.Line, "the line is empty; an event or a comment was expected");
    }

    private static bool IsEnd(ReadOnlySpan<byte> line) => line.StartsWith("# end "u8);

    private void NoteComment(ReadOnlySpan<byte> line)
    {
        if (!IsEnd(line))
        {
            return;
        }

        Cut = line.StartsWith("# end cut"u8);
        if (!Cut && !line.StartsWith("# end complete"u8))
        {
            throw new RecordingException(_lines.Line, $"'{FieldReader.Show(line)}' should be '# end complete' or '# end cut'");
        }

        _ended = true;
        if (_lines.TryRead(out _))
        {
            throw new RecordingException(_lines.Line, "the recording ended on the line before: nothing should follow it");
        }
    }

    private LoongArchEvent Parse(ReadOnlySpan<byte> line) => Parse(line, Header.Cpus);

    private LoongArchEvent Parse(ReadOnlySpan<byte> line, int cpus)
    {
        var fields = new FieldReader(line, _lines.Line);
        var letter = fields.Next("an event's letter");
        var kind = letter.Length == 1 ? Letters.AsSpan().IndexOf(letter[0]) : -1;
        if (kind < 0)
        {
            throw fields.Wrong(letter, "an event's letter: one of W R w r L l M X x O o I");
        }

        var recorded = ParseFields(ref fields, (LoongArchEventKind)kind, cpus);
        fields.End();
        CheckCause(in recorded);
        return recorded;
    }

    private LoongArchEvent ParseFields(ref FieldReader fields, LoongArchEventKind kind, int cpus)
    {
        switch (kind)
        {
            case LoongArchEventKind.PicPin:
            case LoongArchEventKind.PicPinAgain:
                fields.Word("pic"u8, "pic");
                return new() { Line = _lines.Line, Kind = kind, Pin = fields.Decimal("a pin", RecordingLimits.PicPins), Value = fields.Level() };
            case LoongArchEventKind.VectorPin:
            case LoongArchEventKind.VectorPinAgain:
                fields.Word("ext"u8, "ext");
                return new() { Line = _lines.Line, Kind = kind, Pin = fields.Decimal("a vector", RecordingLimits.Vectors), Value = fields.Level() };
            case LoongArchEventKind.CpuLine:
            case LoongArchEventKind.CpuLineAgain:
                return new() { Line = _lines.Line, Kind = kind, Cpu = fields.Decimal("a CPU", cpus), Pin = fields.Decimal("an interrupt input", RecordingLimits.CpuLines), Value = fields.Level() };
            case LoongArchEventKind.Interrupt:
                return new()
                {
                    Line = _lines.Line,
                    Kind = kind,
                    Cpu = fields.Decimal("a CPU", cpus),
                    Pin = fields.Decimal("an interrupt's number", RecordingLimits.CpuLines),
                    Value = fields.Hexadecimal("ESTAT.IS"),
                    Enabled = fields.Hexadecimal("ECFG.LIE"),
                };
            case LoongArchEventKind.MessageInterrupt:
                return ParseAccess(ref fields, kind, 0, LoongArchSpace.Memory);
            default:
                var cpu = fields.Decimal("a CPU", cpus);
                return ParseAccess(ref fields, kind, cpu, ParseSpace(ref fields));
        }
    }

    private static LoongArchSpace ParseSpace(ref FieldReader fields)
    {
        var space = fields.Next("iocsr or mem");
        return space.SequenceEqual("iocsr"u8) ? LoongArchSpace.Iocsr
            : space.SequenceEqual("mem"u8) ? LoongArchSpace.Memory
            : throw fields.Wrong(space, "iocsr or mem");
    }

    private LoongArchEvent ParseAccess(ref FieldReader fields, LoongArchEventKind kind, int cpu, LoongArchSpace space)
    {
        var address = fields.Hexadecimal("an address");
        var size = fields.Decimal("a size in bytes", MostBytes);
        var value = fields.Hexadecimal("a value");
        if (size > sizeof(ulong) || !BitOperations.IsPow2(size))
        {
            throw fields.Error($"an access of {size} bytes: 1, 2, 4 or 8 was expected");
        }

        if (size < sizeof(ulong) && value >> (8 * size) != 0)
        {
            throw fields.Error($"the value 0x{value:x} does not fit {size} bytes");
        }

        if (!Covered(kind, space, address, size))
        {
            throw fields.Error($"{size} bytes at 0x{address:x} are not in a controller that recordings are about: {Expected(kind, space)}");
        }

        return new() { Line = _lines.Line, Kind = kind, Cpu = cpu, Space = space, Address = address, Size = (byte)size, Value = value };
    }

    private static bool Covered(LoongArchEventKind kind, LoongArchSpace space, ulong address, int size) => kind == LoongArchEventKind.MessageInterrupt
        ? Within(address, size, DoorbellBase, PchMsi.WindowSize)
        : space == LoongArchSpace.Memory
            ? Within(address, size, PchPicBase, PchPicSize)
            : IpiUnit.Covers(address, size) || Eiointc.Covers(address, size) || Within(address, size, IocsrMiscRegisters.MiscFunction, sizeof(ulong));

    private static bool Within(ulong address, int size, ulong start, ulong length) =>
        address >= start && address - start < length && (ulong)size <= length - (address - start);

    private static string Expected(LoongArchEventKind kind, LoongArchSpace space) => kind == LoongArchEventKind.MessageInterrupt
        ? $"0x{DoorbellBase:x} was expected, the doorbell of PCH-MSI"
        : space == LoongArchSpace.Memory
            ? $"0x{PchPicBase:x} to 0x{PchPicBase + PchPicSize - 1:x} was expected, PCH-PIC"
            : "0x1000 to 0x115f, 0x1400 to 0x1cff, 0x420 or 0x40000000 to 0x40000fff was expected";

    /// <summary>Effects follow causes: lines that a controller moved before anything was done to it are out of order.</summary>
    private void CheckCause(in LoongArchEvent recorded)
    {
        switch (recorded.Kind)
        {
            case LoongArchEventKind.Write or LoongArchEventKind.PicPin or LoongArchEventKind.PicPinAgain or LoongArchEventKind.MessageInterrupt or LoongArchEventKind.NestedRead:
                // A nested read may be logged before the read that made it.
                _anyCause = true;
                break;
            case LoongArchEventKind.NestedWrite or LoongArchEventKind.VectorPin or LoongArchEventKind.VectorPinAgain when !_anyCause:
                throw new RecordingException(recorded.Line, $"'{recorded}' is the effect of a write, pin or message, but none is before it: lines are missing or out of order");
            default:
                break;
        }
    }
}
