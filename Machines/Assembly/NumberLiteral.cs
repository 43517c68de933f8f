using Trapline.Messages;

namespace Trapline.Machines.Assembly;

/// <summary>
/// Numbers: <c>10</c>, <c>0x1F</c>, <c>0b101</c>, with <c>_</c> anywhere after the first digit; and durations, which are
/// numbers too, of nanoseconds: <c>5us</c>, <c>1.5us</c>, <c>2ms</c>.
/// </summary>
internal static class NumberLiteral
{
    /// <summary>18 digits before and after the point stay exact in 128 bits after scaling to picoseconds.</summary>
    private const int MaxDurationDigits = 18;

    private const string Units = "ps, ns, us, ms, s";

    /// <summary>The value as 64 bits; <c>0xFFFF_FFFF_FFFF_FFFF</c> is -1.</summary>
    public static long Parse(string text, ref int position)
    {
        var start = position;
        var radix = Radix(text, start);
        if (radix != 10)
        {
            position += 2;
            return unchecked((long)Digits(text, start, ref position, radix));
        }

        var end = Skip(text, position);
        var fraction = end + 1 < text.Length && text[end] == '.' && char.IsAsciiDigit(text[end + 1]) ? end + 1 : -1;
        var afterNumber = fraction < 0 ? end : Skip(text, fraction);
        var unitEnd = afterNumber;
        while (unitEnd < text.Length && char.IsAsciiLetter(text[unitEnd]))
        {
            unitEnd++;
        }

        if (fraction < 0 && unitEnd == afterNumber)
        {
            return unchecked((long)Digits(text, start, ref position, radix));
        }

        position = unitEnd;
        return Duration(text, start, end, fraction, afterNumber, unitEnd);
    }

    private static int Radix(string text, int start)
    {
        if (text[start] != '0' || start + 1 >= text.Length)
        {
            return 10;
        }

        return text[start + 1] switch
        {
            'x' or 'X' => 16,
            'b' or 'B' => 2,
            _ => 10,
        };
    }

    private static int Skip(string text, int position)
    {
        while (position < text.Length && (char.IsAsciiDigit(text[position]) || text[position] == '_'))
        {
            position++;
        }

        return position;
    }

    private static ulong Digits(string text, int start, ref int position, int radix)
    {
        UInt128 value = 0;
        var any = false;
        for (; position < text.Length && (char.IsAsciiLetterOrDigit(text[position]) || text[position] == '_'); position++)
        {
            var c = text[position];
            if (c == '_')
            {
                continue;
            }

            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix)
            {
                throw new StatementException(position, $"{Printable.Quote(c)} is no digit of a number to base {radix}");
            }

            any = true;
            value = (value * (uint)radix) + (uint)digit;
            if (value > ulong.MaxValue)
            {
                throw new StatementException(start, "the number does not fit in 64 bits");
            }
        }

        return any ? (ulong)value : throw new StatementException(start, $"expected digits to base {radix} after {Printable.Quote(text[start..position])}");
    }

    private static long Duration(string text, int start, int end, int fraction, int afterNumber, int unitEnd)
    {
        var unit = text[afterNumber..unitEnd];
        long scale = unit switch
        {
            "ps" => 1,
            "ns" => VirtualTime.PerNanosecond,
            "us" => VirtualTime.PerMicrosecond,
            "ms" => VirtualTime.PerMillisecond,
            "s" => VirtualTime.PerSecond,
            "" => throw new StatementException(start, $"a number with a fraction must be a duration; its unit is one of {Units}"),
            _ => throw new StatementException(afterNumber, $"unknown unit {Printable.Quote(unit)}; durations end in one of {Units}"),
        };

        var whole = text[start..end].Replace("_", "", StringComparison.Ordinal);
        var part = fraction < 0 ? "" : text[fraction..afterNumber].Replace("_", "", StringComparison.Ordinal);
        if (whole.Length > MaxDurationDigits || part.Length > MaxDurationDigits)
        {
            throw new StatementException(start, $"a duration has at most {MaxDurationDigits} digits before and after the point");
        }

        var digits = UInt128.Parse(whole + part) * (ulong)scale;
        var divisor = UInt128.One;
        for (var i = 0; i < part.Length; i++)
        {
            divisor *= 10;
        }

        divisor *= VirtualTime.PerNanosecond;
        if (digits % divisor != 0)
        {
            throw new StatementException(start, $"{text[start..unitEnd]} is no whole number of nanoseconds");
        }

        var nanoseconds = digits / divisor;
        return nanoseconds <= long.MaxValue
            ? (long)nanoseconds
            : throw new StatementException(start, "the duration does not fit in 64 bits of nanoseconds");
    }
}
