using System.Globalization;
using System.Text;

namespace Trapline.Devices.Common.Profiles;

/// <summary>One difference between the profiles of an architecture.</summary>
/// <typeparam name="TProfile">The architecture's record of switches.</typeparam>
/// <param name="Id">Row of the architecture's table of differences.</param>
/// <param name="Topic">What it is about, for people; a statement where the switch is yes or no.</param>
/// <param name="Value">The switch of a profile.</param>
/// <param name="Take">The first profile with this one switch of the second.</param>
public sealed record ProfileRow<TProfile>(
    string Id,
    string Topic,
    Func<TProfile, object> Value,
    Func<TProfile, TProfile, TProfile> Take)
    where TProfile : IProfile
{
    /// <summary>The switch as people read it: yes or no, a number, or the words of a name. What is unsigned is a mask, an address or a register.</summary>
    public string Show(TProfile profile) => Value(profile) switch
    {
        bool yes => yes ? "yes" : "no",
        byte or uint or ulong => $"0x{Convert.ToUInt64(Value(profile), CultureInfo.InvariantCulture):x}",
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
