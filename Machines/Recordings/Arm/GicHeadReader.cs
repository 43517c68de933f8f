using System.Globalization;

namespace Trapline.Machines.Recordings.Arm;

/// <summary>Collects what the comments at the head of a GICv3 recording say: <c>key: value</c>.</summary>
internal sealed class GicHeadReader
{
    /// <summary>That of this reader.</summary>
    private const int GrammarVersion = 1;

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<char, long> _counts = [];
    private int? _cpus;
    private EmulatorArguments _machine = EmulatorArguments.Documented;
    private int _lines;

    /// <summary>One comment, without its <c>#</c> and space.</summary>
    public void Add(string text, long line)
    {
        if (++_lines > RecordingLimits.GicHeadLines)
        {
            throw new RecordingException(line, $"the head has more than {RecordingLimits.GicHeadLines} lines: this is no recording");
        }

        if (line == 1)
        {
            CheckVersion(text);
            return;
        }

        var colon = text.IndexOf(": ", StringComparison.Ordinal);
        if (colon > 0 && !text.AsSpan(0, colon).Contains(' '))
        {
            Take(text[..colon], text[(colon + 2)..], line);
        }
    }

    /// <summary>The head, at the first line that is not part of it.</summary>
    public GicHeader Finish(long line)
    {
        var cpus = _cpus ?? _machine.Cpus ?? throw new RecordingException(line, "the head should have '# cpus: N' before the first event");
        var recorder = _values.TryGetValue("qemu", out var version) ? $"qemu {version.Split(' ', ',')[0]}" : "";
        return new GicHeader(_values.GetValueOrDefault("run", ""), recorder, cpus, _machine.MemoryBytes, _machine.HasIts, _machine.HasUnmaskable, _counts);
    }

    private void Take(string key, string value, long line)
    {
        if (!_values.TryAdd(key, value))
        {
            throw new RecordingException(line, $"'# {RecordingComment.Shorten(key)}:' is in the head already: these are two recordings in one file");
        }

        switch (key)
        {
            case "cpus":
                _cpus = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var cpus) && cpus is >= 1 and <= RecordingLimits.GicCpus
                    ? cpus
                    : throw new RecordingException(line, $"'# cpus: {RecordingComment.Shorten(value)}' should name 1 to {RecordingLimits.GicCpus} CPUs");
                break;
            case "cmdline":
                _machine = EmulatorArguments.Parse(value, line);
                break;
            case "events":
                TakeCounts(value, line);
                break;
            default:
                break;
        }
    }

    private void TakeCounts(string value, long line)
    {
        foreach (var part in value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Length < 3 || part[1] != '=' || !GicEvent.Letters.Contains(part[0], StringComparison.Ordinal)
                || !long.TryParse(part.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || !_counts.TryAdd(part[0], count))
            {
                throw new RecordingException(line, $"'{RecordingComment.Shorten(part)}' should be a letter of the grammar and how many events have it: R=210");
            }
        }
    }

    private static void CheckVersion(string text)
    {
        var version = text[RecordingFile.GicMark.Length..].Split(' ')[0];
        if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number != GrammarVersion)
        {
            throw new RecordingException(1, $"it has grammar version '{RecordingComment.Shorten(version)}', but only version {GrammarVersion} can be read");
        }
    }
}
