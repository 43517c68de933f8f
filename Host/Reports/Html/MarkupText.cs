using System.Text;

namespace Trapline.Host.Reports.Html;

/// <summary>Text that came from a file, made harmless and visible: names of scenarios and guests may hold anything.</summary>
internal static class MarkupText
{
    private const char Unprintable = '�';

    /// <summary>U+2400: the block in which each control character has a picture.</summary>
    private const int ControlPictures = 0x2400;
    private const char Delete = '\u007f';
    private const char PictureOfDelete = '\u2421';

    /// <summary>For the content of elements and for attributes in double quotes alike.</summary>
    public static string Escape(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // A lone surrogate comes as U+FFFD already.
            safe.Append(rune.Value switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '\'' => "&#39;",
                < ' ' => ((char)(ControlPictures + rune.Value)).ToString(),
                Delete => PictureOfDelete.ToString(),
                _ when IsHidden(rune) => Unprintable.ToString(),
                _ => rune.ToString(),
            });
        }

        return safe.ToString();
    }

    /// <summary>Control characters of Latin-1, and those that turn the direction of what follows: text must stand where it belongs.</summary>
    private static bool IsHidden(Rune rune) => rune.Value is >= 0x80 and < 0xa0 or >= 0x202a and <= 0x202e or >= 0x2066 and <= 0x2069;
}
