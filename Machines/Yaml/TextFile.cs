using System.Text;
using Trapline.Machines.Text;

namespace Trapline.Machines.Yaml;

/// <summary>Reads a whole text file, or says why it is none.</summary>
public static class TextFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text without a byte order mark; null after an error.</summary>
    public static string? Read(string path, string what, ErrorList errors)
    {
        try
        {
            if (Directory.Exists(path))
            {
                errors.Add(TextPosition.WholeFile, $"this is a folder; name the {what} file in it");
                return null;
            }

            var bytes = BoundedFile.Read(path, YamlLimits.FileBytes);
            if (bytes.Length > YamlLimits.FileBytes)
            {
                errors.Add(TextPosition.WholeFile, $"the file is larger than {YamlLimits.FileBytes >> 20} MiB; this is not a {what}");
                return null;
            }

            return Decode(bytes, what, errors);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            errors.Add(TextPosition.WholeFile, $"there is no such {what} file; check the path");
        }
        catch (UnauthorizedAccessException)
        {
            errors.Add(TextPosition.WholeFile, "the file may not be read; check its permissions");
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or NotSupportedException)
        {
            errors.Add(TextPosition.WholeFile, $"the file cannot be read: {exception.Message}");
        }

        return null;
    }

    /// <summary>The bytes as text; null after an error at the first byte that is not UTF-8 or not text.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes, string what, ErrorList errors)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            errors.Add(new(1, 1), "the file is UTF-16; save it as UTF-8");
            return null;
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            bytes = bytes[3..];
        }

        string text;
        try
        {
            text = Strict.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            // The index may point just before the data when a sequence is cut off at the end.
            var index = Math.Clamp(exception.Index, 0, bytes.Length - 1);
            errors.Add(PositionOf(bytes, index), $"byte 0x{bytes[index]:X2} is not UTF-8; save the {what} as UTF-8 text");
            return null;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is (< ' ' or '\x7F') and not ('\t' or '\n' or '\r'))
            {
                errors.Add(PositionOf(text, i), $"character 0x{(int)text[i]:X2} does not belong in a text file; is this a {what}?");
                return null;
            }
        }

        return text;
    }

    private static TextPosition PositionOf(ReadOnlySpan<byte> bytes, int index)
        => new(1 + bytes[..index].Count((byte)'\n'), index - bytes[..index].LastIndexOf((byte)'\n'));

    private static TextPosition PositionOf(ReadOnlySpan<char> text, int index)
        => new(1 + text[..index].Count('\n'), index - text[..index].LastIndexOf('\n'));
}
