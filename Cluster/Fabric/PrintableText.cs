using System.Text;

namespace Trapline.Cluster.Fabric;

/// <summary>Text that came from outside, fit for a terminal and for one line.</summary>
internal static class PrintableText
{
    private const int MaxLength = 200;

    internal static string Of(string text)
    {
        var printable = new StringBuilder(Math.Min(text.Length, MaxLength) + 3);
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, MaxLength)))
        {
            printable.Append(char.IsControl(character) || char.IsSurrogate(character) ? '?' : character);
        }

        return (text.Length > MaxLength ? printable.Append("...") : printable).ToString();
    }

    /// <summary>The bytes as UTF-8; what is none becomes replacement characters.</summary>
    internal static string Of(ReadOnlySpan<byte> utf8) => Of(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, 4 * MaxLength)]));
}
