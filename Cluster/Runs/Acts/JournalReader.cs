using System.Text;
using System.Text.Json;
using Trapline.Machines.Text;

namespace Trapline.Cluster.Runs.Acts;

/// <summary>Reads a journal, to repeat a run with what a person did to it.</summary>
internal static class JournalReader
{
    /// <summary>A person acts a few times in a run; a file of this size is no journal.</summary>
    private const int MaximumBytes = 1 << 20;

    /// <summary>What was done, in the order in which it was; of a variant in the order of time.</summary>
    /// <param name="path">The file; null for none.</param>
    /// <param name="fingerprints">Of runs whose journals may be repeated.</param>
    /// <exception cref="RunException">No such file, no journal, or that of another run.</exception>
    public static IReadOnlyList<JournalEntry> Read(string? path, IReadOnlyList<string> fingerprints)
    {
        var acts = new List<JournalEntry>();
        if (path is null)
        {
            return acts;
        }

        var lines = ReadLines(path);
        var header = Parse<JournalHeader>(path, lines, 0);
        if (header.Journal != JournalHeader.CurrentVersion)
        {
            throw Wrong(path, 1, $"this is format {header.Journal} of the journal; this version reads format {JournalHeader.CurrentVersion}");
        }

        if (!fingerprints.Contains(header.Fingerprint))
        {
            throw Wrong(path, 1, $"this is the journal of another run of '{header.Scenario}' (seed {header.Seed}): scenario, guest, costs, seed and length must all be the same");
        }

        for (var i = 1; i < lines.Length; i++)
        {
            var entry = Parse<JournalEntry>(path, lines, i);
            if ((entry.Act != JournalEntry.StopAct && !JournalEntry.IsMessage(entry.Act)) || entry.AtPs < 0
                || acts.LastOrDefault(act => act.Variant == entry.Variant) is { } last && last.AtPs > entry.AtPs)
            {
                throw Wrong(path, i + 1, $"'{entry.Act}' at {entry.AtPs} ps is not something that this version can repeat");
            }

            acts.Add(entry);
        }

        return acts;
    }

    private static string[] ReadLines(string path)
    {
        try
        {
            var bytes = BoundedFile.Read(path, MaximumBytes);
            if (bytes.Length > MaximumBytes)
            {
                throw Wrong(path, 1, $"the file is larger than {MaximumBytes} bytes: this is no journal");
            }

            var text = Encoding.UTF8.GetString(bytes).ReplaceLineEndings("\n");
            return text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RunException(RunFailure.Input, $"cannot read the journal: {failure.Message}", failure);
        }
    }

    private static T Parse<T>(string path, string[] lines, int index)
        where T : class
    {
        try
        {
            return (index < lines.Length ? JsonSerializer.Deserialize<T>(lines[index], JournalJson.Options) : null)
                ?? throw Wrong(path, index + 1, "a JSON object was expected here");
        }
        catch (JsonException failure)
        {
            throw Wrong(path, index + 1, $"this is no line of a journal ({failure.Message})");
        }
    }

    private static RunException Wrong(string path, int line, string what) => new(RunFailure.Input, $"{path}:{line}: error: {what}");
}
