using Spectre.Console;

namespace Trapline.Host.Rendering;

/// <summary>What the far end of stdout or stderr can show.</summary>
/// <param name="IsTerminal">False for a file or a pipe: then plain ASCII, nothing moves.</param>
/// <param name="Colours">Escape sequences for colours are understood and wanted.</param>
/// <param name="Unicode">Signs beyond ASCII can be shown.</param>
/// <param name="Width">Columns.</param>
internal sealed record Terminal(bool IsTerminal, bool Colours, bool Unicode, int Width)
{
    /// <summary>What results are laid out for, whatever the terminal's width: so that they look the same in a file.</summary>
    public const int LayoutWidth = 80;

    public static readonly Terminal None = new(false, false, false, LayoutWidth);

    /// <summary>Back to the start of the line, which is then empty.</summary>
    public const string EraseLine = "\r\e[K";

    private const string Reset = "\e[0m";

    /// <param name="redirected">Whether the stream goes to a file or a pipe.</param>
    public static Terminal Detect(bool redirected) => redirected || Environment.GetEnvironmentVariable("TERM") == "dumb" ? None : Ask();

    public string Good(string text) => Paint("\e[32m", text);

    public string Bad(string text) => Paint("\e[31m", text);

    public string Strong(string text) => Paint("\e[1m", text);

    /// <summary>Whether something held.</summary>
    public string Verdict(bool holds) => holds
        ? Good(Unicode ? "✓" : "ok")
        : Bad(Unicode ? "✗" : "FAILED");

    // A method of its own: the library is loaded only where there is a terminal to ask. It knows of NO_COLOR, of
    // terminals by TERM, and switches escape sequences on in a Windows console.
    private static Terminal Ask()
    {
        var profile = AnsiConsole.Profile;
        // The variable counts when it is set at all, whatever its value but the empty one (https://no-color.org).
        var colours = profile.Capabilities.Ansi && profile.Capabilities.ColorSystem != ColorSystem.NoColors
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new(true, colours, profile.Capabilities.Unicode, profile.Width);
    }

    private string Paint(string sequence, string text) => Colours ? sequence + text + Reset : text;
}
