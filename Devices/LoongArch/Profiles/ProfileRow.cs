using System.Globalization;
using System.Text;

namespace Trapline.Devices.LoongArch.Profiles;

/// <summary>One difference between profiles.</summary>
/// <param name="Id">Row of the table of differences: <c>D1</c> to <c>D24</c>; <c>F4</c> and so on for a defect that a later version mended, <c>S3.4</c> for a difference that only that section tells.</param>
/// <param name="Topic">What it is about, for people; a statement where the switch is yes or no.</param>
/// <param name="Value">The switch of a profile.</param>
/// <param name="Take">The first profile with this one switch of the second.</param>
public sealed record ProfileRow(
    string Id,
    string Topic,
    Func<LoongArchProfile, object> Value,
    Func<LoongArchProfile, LoongArchProfile, LoongArchProfile> Take)
{
    /// <summary>The switch as people read it: yes or no, a number, or the words of a name.</summary>
    public string Show(LoongArchProfile profile) => Value(profile) switch
    {
        bool yes => yes ? "yes" : "no",
        ulong window => $"0x{window:x}",
        Enum name => WordsOf(name.ToString()),
        var number => Convert.ToString(number, CultureInfo.InvariantCulture)!,
    };

    private static string WordsOf(string name)
    {
        var words = new StringBuilder();
        foreach (var letter in name)
        {
            words.Append(char.IsUpper(letter) && words.Length > 0 ? " " : "").Append(char.ToLowerInvariant(letter));
        }

        return words.ToString();
    }
}
