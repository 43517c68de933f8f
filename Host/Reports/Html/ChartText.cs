namespace Trapline.Host.Reports.Html;

/// <summary>How wide words are in a chart. Fonts differ between machines, so widths are estimated, and rather too great.</summary>
internal static class ChartText
{
    /// <summary>Pixels of a letter at the charts' font size of 12.</summary>
    private const double LetterWidth = 7;

    private const string CutSign = "…";

    public static double Width(string text) => text.Length * LetterWidth;

    /// <summary>Cut in its middle, because names of variants differ at both ends.</summary>
    public static string Cut(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        var head = (most - CutSign.Length + 1) / 2;
        var tail = most - CutSign.Length - head;
        return text[..head] + CutSign + text[^tail..];
    }
}
