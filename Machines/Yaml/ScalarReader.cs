using System.Globalization;
using System.Text.RegularExpressions;
using Trapline.Machines.Text;
using Trapline.Messages;

namespace Trapline.Machines.Yaml;

/// <summary>Numbers, durations and sizes out of scalars. Nothing is rounded and nothing passes through floating point.</summary>
public static partial class ScalarReader
{
    public static Int128? Integer(ScalarNode node, string path, Int128 least, Int128 greatest, ErrorList errors)
    {
        if (node.Plain && TryInteger(node.Text, out var number))
        {
            if (number >= least && number <= greatest)
            {
                return number;
            }

            errors.Add(node.Position, $"{path} must be from {least} to {greatest}, not {Quoted.Show(node.Text)}");
            return null;
        }

        var remedy = TryInteger(node.Text, out _) ? "; remove the quotes" : "";
        errors.Add(node.Position, $"{path} must be a whole number from {least} to {greatest}, not {node.Kind}{remedy}");
        return null;
    }

    /// <summary>Reads digits with an optional sign, or <c>0x</c> and hexadecimal digits; at most 32 characters.</summary>
    public static bool TryInteger(string text, out Int128 number)
    {
        number = 0;
        if (text.Length > 32)
        {
            return false;
        }

        return text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? text.Length <= 18 && Int128.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            : Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    public static VirtualTime? Duration(ScalarNode node, string path, VirtualTime least, ErrorList errors, string? because = null)
    {
        if (!VirtualTime.TryParse(node.Text, out var time))
        {
            var remedy = TryInteger(node.Text, out _)
                ? $"; add a unit: {node.Text}ns"
                : node.Text.StartsWith('-') ? "; a duration is never negative" : "";
            errors.Add(node.Position, $"{path} must be a duration: a number and ps, ns, us, ms or s, such as 25ns; not {node.Kind}{remedy}");
            return null;
        }

        if (time < least)
        {
            errors.Add(node.Position, $"{path} must be at least {least}, not {Quoted.Show(node.Text)}{(because is null ? "" : $", because {because}")}");
            return null;
        }

        return time;
    }

    /// <summary>Bytes: a whole number, alone or with KiB, MiB, GiB or TiB.</summary>
    public static long? Bytes(ScalarNode node, string path, ErrorList errors)
    {
        var match = SizePattern().Match(node.Text);
        var shift = match.Groups[2].Value switch { "KiB" => 10, "MiB" => 20, "GiB" => 30, "TiB" => 40, _ => 0 };
        if (match.Success && Int128.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var number)
            && number > 0 && number << shift <= long.MaxValue)
        {
            return (long)(number << shift);
        }

        errors.Add(node.Position, $"{path} must be a number of bytes above 0, alone or with KiB, MiB, GiB or TiB, such as 64MiB; not {node.Kind}");
        return null;
    }

    /// <summary>A number with or without decimals.</summary>
    public static decimal? Decimal(ScalarNode node, string path, ErrorList errors)
    {
        if (node.Plain && node.Text.Length <= 20 && decimal.TryParse(node.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        errors.Add(node.Position, $"{path} must be a number such as 0.7, not {node.Kind}");
        return null;
    }

    [GeneratedRegex(@"\A([0-9]{1,18})(KiB|MiB|GiB|TiB)?\z")]
    private static partial Regex SizePattern();
}
