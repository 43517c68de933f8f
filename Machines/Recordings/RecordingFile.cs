namespace Trapline.Machines.Recordings;

/// <summary>A file that begins as a recording does, at its first line.</summary>
internal sealed class RecordingFile : IDisposable
{
    /// <summary>How the first line of a LoongArch recording begins.</summary>
    public const string LoongArchMark = "recording ";

    /// <summary>How the first line of a GICv3 recording begins; the version of its grammar follows.</summary>
    public const string GicMark = "gicv3-its recording, grammar version ";

    private RecordingFile(LineReader lines, bool canBeReadAgain)
    {
        Lines = lines;
        CanBeReadAgain = canBeReadAgain;
        Format = FormatOf(lines);
    }

    /// <summary>All lines, the first included.</summary>
    public LineReader Lines { get; }

    public RecordingFormat Format { get; }

    /// <summary>False for a pipe: to open it once more would wait for another writer.</summary>
    public bool CanBeReadAgain { get; }

    /// <param name="path">The recording, compressed with gzip or not.</param>
    /// <exception cref="RecordingException">It does not begin as a recording.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public static RecordingFile Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw new RecordingException("it is a folder; name the recordings in it");
        }

        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1);
        try
        {
            return new RecordingFile(new LineReader(file), file.CanSeek);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => Lines.Dispose();

    private static RecordingFormat FormatOf(LineReader lines)
    {
        const string marks = $"'# {LoongArchMark}NAME' or '# {GicMark}1'";
        if (!lines.TryRead(out var first) || first.IsEmpty || first[0] != '#')
        {
            throw new RecordingException(1, $"the file should begin with {marks}");
        }

        var text = RecordingComment.TextOf(first);
        var format = text.StartsWith(GicMark, StringComparison.Ordinal) ? RecordingFormat.Gic
            : text.StartsWith(LoongArchMark, StringComparison.Ordinal) ? RecordingFormat.LoongArch
            : throw new RecordingException(1, $"'# {RecordingComment.Shorten(text)}' should be {marks}: this is no recording");
        lines.Back();
        return format;
    }
}
