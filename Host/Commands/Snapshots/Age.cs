using System.CommandLine;
using System.Globalization;
using Trapline.Machines.Text;

namespace Trapline.Host.Commands.Snapshots;

/// <summary>A span of the clock on the wall, for things that lie about for days.</summary>
internal static class Age
{
    private const long MostDays = 36_500;

    public static Option<TimeSpan?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "AGE",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            var age = Parse(text);
            if (age is null)
            {
                result.AddError($"{name} is {Quoted.Show(text)}; it must be a whole number and s, min, h or d, such as 90min or 7d, at most {MostDays}d");
            }

            return age;
        },
    };

    public static TimeSpan? Parse(string text)
    {
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        var seconds = text[digits..] switch { "s" => 1L, "min" => 60, "h" => 3_600, "d" => 86_400, _ => 0 };
        return seconds > 0 && long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MostDays * 86_400 / seconds
            ? TimeSpan.FromSeconds(number * seconds)
            : null;
    }
}
