using Trapline.Machines.Text;

namespace Trapline.Host.Commands;

/// <summary>What <c>--trace</c> asks for.</summary>
/// <param name="IsText">Text; else Perfetto's format.</param>
/// <param name="File">Where it goes; null for stderr.</param>
internal sealed record TraceTarget(bool IsText, string? File)
{
    private const string TextKind = "text";

    /// <summary><c>text</c> and <c>text:FILE</c> are special; everything else is the name of a file.</summary>
    /// <param name="value">The option's value.</param>
    /// <param name="problem">What is wrong with it, or null.</param>
    public static TraceTarget? Parse(string value, out string? problem)
    {
        problem = null;
        if (value == TextKind)
        {
            return new TraceTarget(true, null);
        }

        if (value.StartsWith(TextKind + ":", StringComparison.Ordinal))
        {
            var file = value[(TextKind.Length + 1)..];
            problem = file.Length == 0 ? $"--trace is {Quoted.Show(value)}; the name of the file is missing behind the colon" : null;
            return new TraceTarget(true, file);
        }

        problem = value.Length == 0 ? $"--trace is empty; name a file for Perfetto, or {TextKind}, or {TextKind}: and the name of a file" : null;
        return new TraceTarget(false, value);
    }
}
