namespace Trapline.Machines.Recordings.Arm;

/// <summary>
/// Reads a recording of GICv3 and ITS, event by event. Each field is checked against the grammar and the machine of the head; what
/// comes out can be replayed without further looks.
/// </summary>
internal sealed class GicReader
{
    private const string LetterWanted = "an event's letter: one of W R A E D I L M C P F S K Z";

    private readonly LineReader _lines;
    private readonly GicLineParser _parser;
    private readonly long[] _counts = new long[GicEvent.Letters.Length];
    private long _filled;

    /// <summary>Reads the head.</summary>
    /// <param name="lines">At the first line, which <see cref="RecordingFile"/> has seen.</param>
    /// <exception cref="RecordingException">The head is not of the grammar.</exception>
    public GicReader(LineReader lines)
    {
        _lines = lines;
        Header = ReadHead();
        _parser = new GicLineParser(Header);
    }

    public GicHeader Header { get; }

    /// <summary>The next event; false after the last.</summary>
    /// <exception cref="RecordingException">A line is not of the grammar.</exception>
    public bool TryRead(out GicEvent recorded)
    {
        while (TryReadLine(out var line))
        {
            if (line[0] == '#')
            {
                CheckComment(line);
                continue;
            }

            var letter = GicEvent.Letters.IndexOf((char)line[0], StringComparison.Ordinal);
            var fields = new FieldReader(line, _lines.Line);
            var first = fields.Next("an event's letter");
            if (letter < 0 || first.Length != 1)
            {
                throw fields.Wrong(first, LetterWanted);
            }

            recorded = _parser.Parse(ref fields, first[0], _lines.Line);
            fields.End();
            _counts[letter]++;
            _filled += recorded.Length;
            return _filled <= RecordingLimits.FilledBytes
                ? true
                : throw new RecordingException(_lines.Line, $"more than {RecordingLimits.FilledBytes >> 30} GiB have been filled: this is no recording");
        }

        recorded = default;
        return false;
    }

    /// <summary>After the last event: are there as many as the head counts? Nothing else says that a file is whole.</summary>
    /// <exception cref="RecordingException">There are not.</exception>
    public void CheckCounts()
    {
        for (var i = 0; i < _counts.Length && Header.Counts.Count > 0; i++)
        {
            var counted = Header.Counts.GetValueOrDefault(GicEvent.Letters[i]);
            if (counted != _counts[i])
            {
                throw new RecordingException(
                    _lines.Line + 1,
                    $"the file ends here with {_counts[i]} lines '{GicEvent.Letters[i]}', but its head counts {counted}: it was {(_counts[i] < counted ? "truncated or has lost lines" : "added to")}");
            }
        }
    }

    private GicHeader ReadHead()
    {
        var head = new GicHeadReader();
        while (TryReadLine(out var line))
        {
            if (line[0] != '#')
            {
                _lines.Back();
                return head.Finish(_lines.Line + 1);
            }

            head.Add(RecordingComment.TextOf(line), _lines.Line);
        }

        throw new RecordingException(_lines.Line + 1, "the file ends here, within its head: it was truncated");
    }

    private bool TryReadLine(out ReadOnlySpan<byte> line)
    {
        if (!_lines.TryRead(out line))
        {
            return false;
        }

        return !line.IsEmpty ? true : throw new RecordingException(_lines.Line, "the line is empty; an event or a comment was expected");
    }

    private void CheckComment(ReadOnlySpan<byte> line)
    {
        if (RecordingComment.TextOf(line).StartsWith(RecordingFile.GicMark, StringComparison.Ordinal))
        {
            throw new RecordingException(_lines.Line, "another recording begins here: these are two in one file");
        }
    }
}
