using System.Buffers.Text;
using System.Text;

namespace Trapline.Machines.Recordings;

/// <summary>The fields of one line, separated by one space each. A field that is not what the grammar wants is an error with the line's number.</summary>
internal ref struct FieldReader(ReadOnlySpan<byte> line, long number)
{
    private const int MostShown = 24;

    private ReadOnlySpan<byte> _rest = line;
    private bool _ended;

    /// <summary>The next field; what it should be is for the error.</summary>
    public ReadOnlySpan<byte> Next(string wanted)
    {
        if (_ended)
        {
            throw Error($"the line ends where {wanted} was expected");
        }

        var length = _rest.IndexOf((byte)' ');
        _ended = length < 0;
        var field = _ended ? _rest : _rest[..length];
        _rest = _ended ? default : _rest[(length + 1)..];
        return field;
    }

    /// <summary>A decimal number below a limit.</summary>
    public int Decimal(string wanted, int limit) => Decimal(wanted, 0, limit);

    /// <summary>A decimal number from a first one to below a limit.</summary>
    public int Decimal(string wanted, int first, int limit)
    {
        var field = Next(wanted);
        return Utf8Parser.TryParse(field, out uint value, out var used) && used == field.Length && value >= (uint)first && value < (uint)limit
            ? (int)value
            : throw Wrong(field, $"{wanted} from {first} to {limit - 1}");
    }

    /// <summary>A hexadecimal number after <c>0x</c>.</summary>
    public ulong Hexadecimal(string wanted)
    {
        var field = Next(wanted);
        return field.Length > 2 && field[0] == '0' && field[1] == 'x'
            && Utf8Parser.TryParse(field[2..], out ulong value, out var used, 'x') && used == field.Length - 2
            ? value
            : throw Wrong(field, $"{wanted}, hexadecimal after 0x");
    }

    /// <summary>A hexadecimal number after <c>0x</c>, at most a greatest one.</summary>
    public ulong Hexadecimal(string wanted, ulong most)
    {
        var value = Hexadecimal(wanted);
        return value <= most ? value : throw Error($"0x{value:x} should be {wanted}, at most 0x{most:x}");
    }

    /// <summary>0 or 1.</summary>
    public ulong Level()
    {
        var field = Next("a level");
        return field.Length == 1 && field[0] is (byte)'0' or (byte)'1' ? (ulong)(field[0] - '0') : throw Wrong(field, "a level, 0 or 1");
    }

    /// <summary>One given word.</summary>
    public void Word(ReadOnlySpan<byte> word, string wanted)
    {
        var field = Next(wanted);
        if (!field.SequenceEqual(word))
        {
            throw Wrong(field, wanted);
        }
    }

    public readonly void End()
    {
        if (!_ended)
        {
            throw Error($"'{Show(_rest)}' is too much: the line should end before it");
        }
    }

    public readonly RecordingException Wrong(ReadOnlySpan<byte> field, string wanted) => Error($"'{Show(field)}' should be {wanted}");

    public readonly RecordingException Error(string message) => new(number, message);

    /// <summary>At most some characters of it, printable ones.</summary>
    public static string Show(ReadOnlySpan<byte> field)
    {
        var text = new StringBuilder();
        foreach (var value in field[..Math.Min(field.Length, MostShown)])
        {
            text.Append(value is >= 0x20 and < 0x7F ? (char)value : '?');
        }

        return field.Length > MostShown ? text.Append("...").ToString() : text.ToString();
    }
}
