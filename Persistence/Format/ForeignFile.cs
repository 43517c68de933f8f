using System.Buffers;
using System.Text.Unicode;

namespace Trapline.Persistence.Format;

/// <summary>Guesses what a file is that is not what was expected, from its first bytes.</summary>
internal static class ForeignFile
{
    /// <summary>Bytes that are enough for a guess.</summary>
    public const int Beginning = 64;

    private static readonly (byte[] Magic, string Name)[] Known =
    [
        ([0x1f, 0x8b], "gzip data"),
        ([0x28, 0xb5, 0x2f, 0xfd], "zstd data"),
        ([0xfd, .. "7zXZ"u8], "xz data"),
        ([.. "BZh"u8], "bzip2 data"),
        ([.. "PK\x03\x04"u8], "a zip archive"),
        ([.. SqliteMagic], "an SQLite database"),
        ([.. "PGDMP"u8], "a dump of PostgreSQL"),
        ([0x7f, .. "ELF"u8], "a program"),
        ([0x89, .. "PNG"u8], "a picture"),
        ([.. "TRAP\r\n"u8], "a checkpoint that was transferred as text"),
        ([0x89, .. "TRAP\n"u8], "a checkpoint that was transferred as text"),
        ([.. "\uFFFDTRAP"u8], "a checkpoint that was transferred as text"),
    ];

    public static ReadOnlySpan<byte> SqliteMagic => "SQLite format 3\0"u8;

    /// <returns>Words for "it looks like …".</returns>
    public static string Describe(ReadOnlySpan<byte> beginning)
    {
        foreach (var (magic, name) in Known)
        {
            if (beginning.StartsWith(magic))
            {
                return name;
            }
        }

        if (!beginning.ContainsAnyExcept((byte)0))
        {
            return "zeros, as a file has that was never written out";
        }

        return IsText(beginning) ? Text(beginning) : "data of another program";
    }

    private static string Text(ReadOnlySpan<byte> text)
    {
        var first = text.TrimStart(" \t\r\n"u8);
        return first.StartsWith("{"u8) || first.StartsWith("["u8) ? "JSON" : text.Contains((byte)':') ? "YAML or other text" : "text";
    }

    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IndexOfAnyInRange((byte)0, (byte)8) >= 0)
        {
            return false;
        }

        // The last character may be cut in the middle.
        Span<char> characters = stackalloc char[Beginning];
        return Utf8.ToUtf16(bytes[..Math.Min(bytes.Length, Beginning)], characters, out _, out _, replaceInvalidSequences: false, isFinalBlock: false)
            is OperationStatus.Done or OperationStatus.NeedMoreData;
    }
}
