using System.Buffers;
using System.Text;
using Trapline.Machines.Text;
using Trapline.Messages;

namespace Trapline.Persistence.Identity;

/// <summary>What every checkpoint must keep to, whether it is written or read.</summary>
internal static class CheckpointRules
{
    private const int HashDigits = 64;

    /// <returns>What is wrong, or null.</returns>
    public static string? Problem(CheckpointHeader header, IReadOnlyList<StoredPart> parts) => Problem(parts) ?? Problem(header);

    /// <returns>What is wrong, or null.</returns>
    public static string? Problem(IReadOnlyList<StoredPart> parts)
    {
        if (parts.Count > CheckpointLimits.Parts)
        {
            return $"it has {parts.Count} parts; at most {CheckpointLimits.Parts} are allowed";
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var total = 0L;
        foreach (var part in parts)
        {
            if (Problem(part) is { } problem)
            {
                return problem;
            }

            if (!names.Add(part.Name))
            {
                return $"there are two parts {Quoted.Show(part.Name)}";
            }

            total += part.Bytes;
        }

        return total > CheckpointLimits.TotalBytes
            ? $"its parts have {total} bytes; at most {CheckpointLimits.TotalBytes} are allowed"
            : null;
    }

    private static string? Problem(CheckpointHeader header)
    {
        if (header.At < VirtualTime.Zero)
        {
            return $"its time is {header.At.Picoseconds} ps; a cut is at 0 or later";
        }

        (string Name, string Text)[] texts =
        [
            ("scenario", header.Scenario), ("variant", header.Variant), ("fingerprint", header.Fingerprint), ("digest", header.Digest), ("program", header.Program),
        ];
        return texts.Select(text => Problem(text.Name, text.Text, CheckpointLimits.TextLength)).FirstOrDefault(problem => problem is not null);
    }

    private static string? Problem(StoredPart part)
    {
        if (part.Name.Length == 0)
        {
            return "a part has no name";
        }

        if (Problem("name of a part", part.Name, CheckpointLimits.NameLength) is { } problem)
        {
            return problem;
        }

        if (part.Bytes is < 0 or > CheckpointLimits.PartBytes)
        {
            return $"part {Quoted.Show(part.Name)} has {part.Bytes} bytes; 0 to {CheckpointLimits.PartBytes} are allowed";
        }

        if (part.SchemaVersion < 0)
        {
            return $"part {Quoted.Show(part.Name)} has schema version {part.SchemaVersion}; it cannot be negative";
        }

        return part.Sha256.Length == HashDigits && part.Sha256.All(char.IsAsciiHexDigitLower)
            ? null
            : $"part {Quoted.Show(part.Name)} has no SHA-256";
    }

    /// <returns>What is wrong, or null.</returns>
    public static string? Problem(string name, string text, int most)
    {
        if (text.Length > most)
        {
            return $"the {name} {Quoted.Show(text)} has {text.Length} characters; at most {most} are allowed";
        }

        return IsPlain(text) ? null : $"the {name} {Quoted.Show(text)} has control characters, or is no Unicode text";
    }

    /// <summary>Text that any database, file and terminal takes.</summary>
    private static bool IsPlain(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var used) != OperationStatus.Done || Rune.IsControl(rune))
            {
                return false;
            }

            text = text[used..];
        }

        return true;
    }
}
