using System.Text;

namespace Trapline.Machines.Recordings;

/// <summary>Lines that begin with <c>#</c>.</summary>
internal static class RecordingComment
{
    /// <summary>A comment without its mark and the spaces after it.</summary>
    public static string TextOf(ReadOnlySpan<byte> line) => Encoding.UTF8.GetString(line[1..]).TrimStart(' ');

    /// <summary>At most some characters of a text that is not what it should be, printable ones.</summary>
    public static string Shorten(string text) => FieldReader.Show(Encoding.ASCII.GetBytes(text));
}
