namespace Trapline.Cluster.Fabric.WebSockets.Transport;

/// <summary>Reads what Kestrel got before the connection was taken over, then the socket itself.</summary>
internal sealed class DirectStream(Stream early, DirectConnection connection) : Stream
{
    private bool _earlyRead;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _earlyRead ? connection.Stream.ReadAsync(buffer, cancellationToken) : ReadEarlyAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        connection.Stream.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
        // Nothing is held back here.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            connection.Shutdown();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadEarlyAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        var read = await early.ReadAsync(buffer, cancellation).ConfigureAwait(false);
        if (read > 0 || buffer.IsEmpty)
        {
            return read;
        }

        _earlyRead = true;
        return await connection.Stream.ReadAsync(buffer, cancellation).ConfigureAwait(false);
    }
}
