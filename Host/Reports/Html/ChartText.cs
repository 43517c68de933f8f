namespace Trapline.Host.Reports.Html;

/// <summary>How wide words are in a chart. Fonts differ between machines, so widths are estimated, and rather too great.</summary>
internal static class ChartText
{
    /// <summary>Pixels at the charts' font size of 12, of a letter like "e" and of the widest.</summary>
    private const double LetterWidth = 7.2;
    private const double WideWidth = 12.5;
    private const string WideLetters = "WMmw@%&";

    private const string CutSign = "…";

    public static double Width(string text) => text.Sum(letter => char.IsAscii(letter) && !WideLetters.Contains(letter) ? LetterWidth : WideWidth);

    /// <summary>As much of a text as <paramref name="most"/> pixels hold.</summary>
    public static string Fit(string text, double most)
    {
        if (Width(text) <= most)
        {
            return text;
        }

        var letters = Math.Clamp((int)(most / LetterWidth), 1, text.Length - 1);
        while (letters > 1 && Width(Cut(text, letters)) > most)
        {
            letters--;
        }

        return Cut(text, letters);
    }

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
