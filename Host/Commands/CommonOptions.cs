using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Trapline.Machines.Text;
using Trapline.Messages;
using Trapline.Persistence;

namespace Trapline.Host.Commands;

/// <summary>Options whose values are read the same way by several commands. A wrong value is an error that shows a right one.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print one JSON object instead of text. Default: text" };

    /// <summary>Where checkpoints are kept. That it can be used is found out by opening it.</summary>
    public static Option<string> Store() => new("--store")
    {
        Description = $"Where checkpoints are: a path, sqlite:PATH, or postgresql://user@host:port/database (password: PGPASSWORD, or ~/.pgpass). Default: {CheckpointStores.Default} in the current folder",
        HelpName = "URL",
        DefaultValueFactory = _ => CheckpointStores.Default,
    };

    public static Option<VirtualTime?> Duration(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!VirtualTime.TryParse(text, out var time))
            {
                result.AddError($"{name} is {Quoted.Show(text)}; it must be a number and ps, ns, us, ms or s, such as 10ms or 1.5us");
            }
            else if (time <= VirtualTime.Zero)
            {
                result.AddError($"{name} is {time}; it must be longer than 0");
            }

            return time;
        },
    };

    public static Option<int?> Integer(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
            {
                result.AddError($"{name} is {Quoted.Show(text)}; it must be {(most - least == 1 ? $"{least} or {most}" : $"a whole number from {least} to {most}")}");
            }

            return number;
        },
    };

    /// <summary>Decimal, or hexadecimal after 0x.</summary>
    public static ulong? Seed(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var hexadecimal = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (!ulong.TryParse(hexadecimal ? text[2..] : text, hexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var seed))
        {
            result.AddError($"--seed is {Quoted.Show(text)}; it must be a whole number from 0 to {ulong.MaxValue}, or hexadecimal after 0x");
        }

        return seed;
    }
}
