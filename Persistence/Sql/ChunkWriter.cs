namespace Trapline.Persistence.Sql;

/// <summary>Cuts what is written to it into chunks.</summary>
/// <param name="size">Bytes of every chunk but the last.</param>
/// <param name="store">Gets each, with its number.</param>
internal sealed class ChunkWriter(int size, Action<int, byte[]> store) : Stream
{
    private readonly MemoryStream _pending = new();
    private int _chunks;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    /// <summary>Bytes until now.</summary>
    public override long Length => Position;

    public override long Position { get; set; }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Position += buffer.Length;
        while (!buffer.IsEmpty)
        {
            var taken = Math.Min(buffer.Length, size - (int)_pending.Length);
            _pending.Write(buffer[..taken]);
            buffer = buffer[taken..];
            if (_pending.Length == size)
            {
                Finish();
            }
        }
    }

    /// <summary>Stores the last chunk, if there is anything left for one.</summary>
    public void Finish()
    {
        if (_pending.Length > 0)
        {
            store(_chunks++, _pending.ToArray());
            _pending.SetLength(0);
        }
    }

    public override void Flush()
    {
        // A chunk is stored when it is full, or by Finish.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
