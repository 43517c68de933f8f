using System.Globalization;

namespace Trapline.Messages;

/// <summary>
/// A point in virtual time, or a span of it: a 64-bit count of picoseconds. 2^63 ps are 106 days, so that a sum of
/// two legal times cannot overflow unnoticed in any run that ends.
/// </summary>
public readonly record struct VirtualTime(long Picoseconds) : IComparable<VirtualTime>
{
    public const long PerNanosecond = 1_000;
    public const long PerMicrosecond = 1_000_000;
    public const long PerMillisecond = 1_000_000_000;
    public const long PerSecond = 1_000_000_000_000;

    public static readonly VirtualTime Zero;

    /// <summary>Later than anything that can happen: the due time of what will not happen.</summary>
    public static readonly VirtualTime Never = new(long.MaxValue);

    public bool IsNever => Picoseconds == long.MaxValue;

    public static VirtualTime FromNanoseconds(long nanoseconds) => new(checked(nanoseconds * PerNanosecond));

    public static VirtualTime Min(VirtualTime a, VirtualTime b) => a.Picoseconds <= b.Picoseconds ? a : b;

    public static VirtualTime Max(VirtualTime a, VirtualTime b) => a.Picoseconds >= b.Picoseconds ? a : b;

    /// <summary>Adds a span; what would pass the end of time is <see cref="Never"/>, never a wrapped, early time.</summary>
    public static VirtualTime operator +(VirtualTime a, VirtualTime b)
    {
        var sum = unchecked(a.Picoseconds + b.Picoseconds);
        return (a.Picoseconds | b.Picoseconds) >= 0 && sum < 0 ? Never : new(sum);
    }

    public static VirtualTime operator -(VirtualTime a, VirtualTime b) => new(a.Picoseconds - b.Picoseconds);

    public static bool operator <(VirtualTime a, VirtualTime b) => a.Picoseconds < b.Picoseconds;

    public static bool operator >(VirtualTime a, VirtualTime b) => a.Picoseconds > b.Picoseconds;

    public static bool operator <=(VirtualTime a, VirtualTime b) => a.Picoseconds <= b.Picoseconds;

    public static bool operator >=(VirtualTime a, VirtualTime b) => a.Picoseconds >= b.Picoseconds;

    public int CompareTo(VirtualTime other) => Picoseconds.CompareTo(other.Picoseconds);

    /// <summary>
    /// Reads a whole or decimal number with a unit: <c>500ps</c>, <c>25ns</c>, <c>1.5us</c>, <c>100ms</c>, <c>2s</c>.
    /// More decimals than a picosecond has are refused, not rounded.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out VirtualTime time)
    {
        time = Zero;
        text = text.Trim();
        var end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
        {
            end++;
        }

        long unit = text[end..].Trim() switch
        {
            "ps" => 1,
            "ns" => PerNanosecond,
            "us" or "µs" => PerMicrosecond,
            "ms" => PerMillisecond,
            "s" => PerSecond,
            _ => 0,
        };
        if (unit == 0 || end == 0 || !decimal.TryParse(text[..end], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || number > long.MaxValue / 2)
        {
            return false;
        }

        var picoseconds = number * unit;
        if (picoseconds > long.MaxValue / 2 || picoseconds != decimal.Truncate(picoseconds))
        {
            return false;
        }

        time = new((long)picoseconds);
        return true;
    }

    /// <summary>The shortest exact text in the largest unit that keeps the number at least one: <c>1.5us</c>.</summary>
    public override string ToString()
    {
        if (IsNever)
        {
            return "never";
        }

        // As a decimal: the least 64-bit number has no absolute value of its own kind.
        var (unit, name) = Math.Abs((decimal)Picoseconds) switch
        {
            >= PerSecond => (PerSecond, "s"),
            >= PerMillisecond => (PerMillisecond, "ms"),
            >= PerMicrosecond => (PerMicrosecond, "us"),
            >= PerNanosecond => (PerNanosecond, "ns"),
            _ => (1L, "ps"),
        };
        return ((decimal)Picoseconds / unit).ToString("0.############", CultureInfo.InvariantCulture) + name;
    }
}
