using System.Globalization;

namespace Trapline.Machines.Scenarios;

/// <summary>A share, written as <c>5%</c> or <c>0.25%</c>: at most four decimals, so that it is whole parts of a million.</summary>
public readonly record struct Percentage(uint PartsPerMillion)
{
    public const string Pattern = @"^[0-9]{1,3}(\.[0-9]{1,4})? ?%$";

    private const uint PerPercent = 10_000;

    public static bool TryParse(string text, out Percentage percentage)
    {
        percentage = default;
        if (text.Length > 10 || !text.EndsWith('%') || !decimal.TryParse(text.AsSpan(0, text.Length - 1).TrimEnd(' '), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        var parts = number * PerPercent;
        percentage = new((uint)parts);
        return parts == decimal.Truncate(parts);
    }
}
