using Trapline.Host.Reports;
using Trapline.Machines.Text;

namespace Trapline.Host.Commands;

/// <summary>
/// A file of a trace. A disk that fails ends the run with a message that names the file; after that every use fails in
/// the same way, so that tidying up does not hide the cause behind another error.
/// </summary>
internal sealed class TraceStream : Stream
{
    private const int BufferSize = 1 << 16;

    private readonly FileStream _file;
    private readonly string _path;
    private CommandException? _failure;

    private TraceStream(FileStream file, string path)
    {
        _file = file;
        _path = path;
    }

    public override bool CanRead => _file.CanRead;

    public override bool CanSeek => _file.CanSeek;

    public override bool CanWrite => true;

    public override long Length => _file.Length;

    public override long Position
    {
        get => _file.Position;
        set => Guard(() => _file.Position = value);
    }

    /// <exception cref="CommandException">It cannot be written.</exception>
    public static TraceStream Create(string path, FileOptions options)
    {
        if (Directory.Exists(path))
        {
            throw new CommandException(ExitCodes.Usage, $"the trace cannot be written to {Quoted.Show(path)}: it is a folder");
        }

        try
        {
            var access = options == FileOptions.None ? FileAccess.Write : FileAccess.ReadWrite;
            return new TraceStream(new FileStream(path, FileMode.Create, access, FileShare.Read, BufferSize, options), path);
        }
        catch (Exception failure) when (DiskFailure.Is(failure))
        {
            throw new CommandException(ExitCodes.Environment, $"the trace cannot be written to {Quoted.Show(path)}: {DiskFailure.Reason(failure)}");
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ThrowIfFailed();
        try
        {
            _file.Write(buffer);
        }
        catch (IOException failure)
        {
            throw Fail(failure);
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ThrowIfFailed();
        return _file.Read(buffer, offset, count);
    }

    public override void Flush() => Guard(_file.Flush);

    public override long Seek(long offset, SeekOrigin origin)
    {
        Guard(() => _file.Seek(offset, origin));
        return _file.Position;
    }

    public override void SetLength(long value) => Guard(() => _file.SetLength(value));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            try
            {
                _file.Dispose();
            }
            catch (IOException failure) when (_failure is null)
            {
                throw Fail(failure);
            }
            catch (IOException)
            {
                // Has been said.
            }
        }

        base.Dispose(disposing);
    }

    private void Guard(Action action)
    {
        ThrowIfFailed();
        try
        {
            action();
        }
        catch (IOException failure)
        {
            throw Fail(failure);
        }
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw _failure;
        }
    }

    private CommandException Fail(IOException failure) =>
        _failure = new CommandException(ExitCodes.Environment, $"the trace could not be written to {Quoted.Show(_path)}: {DiskFailure.Reason(failure)}");
}
