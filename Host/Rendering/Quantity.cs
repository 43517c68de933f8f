using Trapline.Messages;

namespace Trapline.Host.Rendering;

/// <summary>Numbers as people read them.</summary>
internal static class Quantity
{
    private const char CutSign = '~';

    /// <summary>Microseconds with two decimals, as <c>perf kvm stat</c> prints times.</summary>
    public static string Microseconds(decimal nanoseconds) => (nanoseconds / 1_000).ToString("0.00") + "us";

    /// <summary>At most three decimals, in the largest unit that keeps the number at least one.</summary>
    public static string Time(VirtualTime time) => Time((decimal)time.Picoseconds / VirtualTime.PerNanosecond);

    /// <summary>As <see cref="Time(VirtualTime)"/>, from nanoseconds.</summary>
    public static string Time(decimal nanoseconds) => nanoseconds switch
    {
        >= 1_000_000_000 => Decimals(nanoseconds / 1_000_000_000, "s"),
        >= 1_000_000 => Decimals(nanoseconds / 1_000_000, "ms"),
        >= 1_000 => Decimals(nanoseconds / 1_000, "us"),
        _ => Decimals(nanoseconds, "ns"),
    };

    /// <summary>Three figures and a k, M or G.</summary>
    public static string Rate(double number) => number switch
    {
        double.NaN or double.PositiveInfinity => "-",
        >= 1e9 => Figures(number / 1e9) + "G",
        >= 1e6 => Figures(number / 1e6) + "M",
        >= 1e3 => Figures(number / 1e3) + "k",
        _ => Figures(number),
    };

    /// <summary>Bytes, kibibytes and so on with one decimal.</summary>
    public static string Bytes(long number) => number switch
    {
        >= 1L << 30 => ((decimal)number / (1L << 30)).ToString("0.0") + " GiB",
        >= 1L << 20 => ((decimal)number / (1L << 20)).ToString("0.0") + " MiB",
        >= 1L << 10 => ((decimal)number / (1L << 10)).ToString("0.0") + " KiB",
        _ => $"{number} B",
    };

    public static string Percent(double share) => (share * 100).ToString("0.00") + "%";

    /// <summary>Cut to a width, with a sign that it was.</summary>
    public static string Cut(string text, int width) => text.Length <= width ? text : text[..Math.Max(0, width - 1)] + CutSign;

    private static string Decimals(decimal number, string unit) => number.ToString("0.###") + unit;

    private static string Figures(double number) => number.ToString(number switch { >= 100 => "0", >= 10 => "0.0", _ => "0.00" });
}
