using System.Globalization;
using System.Text.RegularExpressions;

namespace Trapline.Machines.Scenarios.Migrations;

/// <summary>What a link carries, written as <c>10Gbit/s</c> or <c>1.25GB/s</c>: a whole number of bytes in a second.</summary>
public readonly partial record struct LinkRate(long BytesPerSecond)
{
    public const string Pattern = @"^[0-9]{1,15}(\.[0-9]{1,9})? ?((k|M|G|T)?bit/s|(k|M|G|T|Ki|Mi|Gi)?B/s)$";

    /// <summary>Faster, and a byte would take less than the picosecond that virtual time counts in.</summary>
    public const long Greatest = 1_000_000_000_000;

    private const int BitsPerByte = 8;

    /// <summary>Reads a rate. Nothing is rounded: one that is no whole number of bytes is refused.</summary>
    /// <param name="text">As written.</param>
    /// <param name="rate">What it says.</param>
    /// <param name="problem">What is wrong with it, after the key; empty if nothing is.</param>
    public static bool TryParse(string text, out LinkRate rate, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        rate = default;
        problem = "";
        var match = Expression().Match(text);
        if (!match.Success)
        {
            problem = $"must be a number and bit/s, kbit/s, Mbit/s, Gbit/s, Tbit/s, or B/s, kB/s, MB/s, GB/s, TB/s, KiB/s, MiB/s, GiB/s, such as 10Gbit/s or 1.25GB/s";
            return false;
        }

        var number = decimal.Parse(match.Groups["number"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        var bytes = number * Factor(match.Groups["prefix"].Value) / (match.Groups["unit"].Value == "bit" ? BitsPerByte : 1);
        if (bytes is <= 0 or > Greatest)
        {
            problem = "must be above 0 and at most 1TB/s";
        }
        else if (bytes != decimal.Truncate(bytes))
        {
            problem = "must be a whole number of bytes in a second";
        }
        else
        {
            rate = new((long)bytes);
        }

        return problem.Length == 0;
    }

    /// <summary>In bits, as links are sold: <c>10Gbit/s</c>.</summary>
    public override string ToString()
    {
        var bits = (decimal)BytesPerSecond * BitsPerByte;
        var (prefix, factor) = bits switch
        {
            >= 1e12m => ("T", 1e12m),
            >= 1e9m => ("G", 1e9m),
            >= 1e6m => ("M", 1e6m),
            >= 1e3m => ("k", 1e3m),
            _ => ("", 1m),
        };
        return (bits / factor).ToString("0.############", CultureInfo.InvariantCulture) + prefix + "bit/s";
    }

    private static decimal Factor(string prefix) => prefix switch
    {
        "k" => 1e3m,
        "M" => 1e6m,
        "G" => 1e9m,
        "T" => 1e12m,
        "Ki" => 1 << 10,
        "Mi" => 1 << 20,
        "Gi" => 1 << 30,
        _ => 1,
    };

    [GeneratedRegex(@"\A(?<number>[0-9]{1,15}(\.[0-9]{1,9})?) ?((?<prefix>[kMGT]?)(?<unit>bit)|(?<prefix>[kMGT]|[KMG]i)?(?<unit>B))/s\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Expression();
}
