using System.Globalization;
using Trapline.Machines.Text;

namespace Trapline.Machines.Scenarios.Expectations;

/// <summary>
/// A value of an expression. Numbers are exact decimals; those of <see cref="IsInteger"/> came from integers alone and
/// are held to 64 bits. <see cref="Shown"/> is what a report says about it.
/// </summary>
internal readonly record struct ExpectationValue(decimal Number, bool IsInteger, string Text, bool Truth, string Shown)
{
    public static ExpectationValue OfInteger(decimal number)
    {
        if (number is < long.MinValue or > long.MaxValue)
        {
            throw new ExpectationException(0, "an integer left the range of 64 bits");
        }

        return new(number, true, "", false, Show(number));
    }

    public static ExpectationValue OfDecimal(decimal number) => new(number, false, "", false, Show(number));

    public static ExpectationValue OfText(string text) => new(0, false, text, false, Quoted.Show(text));

    public static ExpectationValue OfTruth(bool truth, string shown) => new(0, false, "", truth, shown);

    private static string Show(decimal number) => number.ToString("0.############", CultureInfo.InvariantCulture);
}
