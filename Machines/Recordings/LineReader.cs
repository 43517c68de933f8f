using System.IO.Compression;

namespace Trapline.Machines.Recordings;

/// <summary>Lines of a file as bytes, compressed with gzip or not, never more than one buffer of it in memory.</summary>
internal sealed class LineReader : IDisposable
{
    private const int BufferBytes = 64 * 1024;
    private const byte GzipFirst = 0x1F;
    private const byte GzipSecond = 0x8B;

    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;
    private int _taken;
    private bool _ended;

    /// <param name="file">Read from its present place; disposed of with this reader.</param>
    public LineReader(Stream file)
    {
        Span<byte> magic = stackalloc byte[2];
        var read = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        var whole = new PrefixedStream(magic[..read].ToArray(), file);
        _stream = read == magic.Length && magic[0] == GzipFirst && magic[1] == GzipSecond
            ? new GZipStream(whole, CompressionMode.Decompress)
            : whole;
    }

    /// <summary>Number of the line that was read last, from 1.</summary>
    public long Line { get; private set; }

    public void Dispose() => _stream.Dispose();

    /// <summary>The next line without its end, valid until the next call; false at the end of the file.</summary>
    /// <exception cref="RecordingException">The line is too long, has no end, or the compressed data are damaged.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var waiting = _buffer.AsSpan(_start, _end - _start);
            var length = waiting.IndexOf((byte)'\n');
            if (length < 0 && waiting.Length <= RecordingLimits.LineBytes && !_ended)
            {
                Fill();
                continue;
            }

            if (waiting.IsEmpty)
            {
                line = default;
                return false;
            }

            Line++;
            if (length < 0 && waiting.Length <= RecordingLimits.LineBytes)
            {
                throw new RecordingException(Line, "the file ends inside this line: it was truncated");
            }

            if (length is < 0 or > RecordingLimits.LineBytes)
            {
                throw new RecordingException(Line, $"the line has more than {RecordingLimits.LineBytes} bytes: this is no recording");
            }

            line = waiting[..length];
            _taken = length + 1;
            _start += _taken;
            return true;
        }
    }

    /// <summary>Gives the line that was read last once more.</summary>
    public void Back()
    {
        _start -= _taken;
        _taken = 0;
        Line--;
    }

    private void Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        try
        {
            var read = _stream.Read(_buffer, _end, _buffer.Length - _end);
            _end += read;
            _ended = read == 0;
        }
        catch (InvalidDataException)
        {
            throw new RecordingException(Line + 1, "the compressed data are damaged or end here: fetch the file again");
        }
    }
}
