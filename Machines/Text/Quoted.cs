using System.Text;

namespace Trapline.Machines.Text;

/// <summary>A piece of the user's input inside a message: quoted, short, and free of what would disturb a terminal.</summary>
public static class Quoted
{
    private const int LongestShown = 60;

    public static string Show(string text)
    {
        var shown = new StringBuilder("'");
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length > LongestShown)
            {
                shown.Append('…');
                break;
            }

            shown.Append(Rune.IsControl(rune) ? $"\\u{rune.Value:x4}" : rune.ToString());
        }

        return shown.Append('\'').ToString();
    }

    /// <summary>A remedy to put after a message: <c>; did you mean 'x'?</c>, or nothing.</summary>
    public static string Suggest(string name, IEnumerable<string> known)
        => NearestName.Find(name, known) is { } nearest ? $"; did you mean {Show(nearest)}?" : "";
}
