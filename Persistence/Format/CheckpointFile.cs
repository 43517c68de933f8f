using Trapline.Machines.Text;
using Trapline.Persistence.Identity;

namespace Trapline.Persistence.Format;

/// <summary>Checkpoints as files, to be taken to another machine.</summary>
public static class CheckpointFile
{
    /// <summary>What such a file is called by convention.</summary>
    public const string Extension = ".trapline-snapshot";

    /// <summary>The id that a checkpoint has in every store.</summary>
    /// <exception cref="CheckpointException">It is none that can be stored.</exception>
    public static string IdOf(Checkpoint checkpoint) => CheckpointManifest.Of(checkpoint).Id;

    /// <summary>Reads and checks all of a file.</summary>
    /// <exception cref="CheckpointException">There is none, it cannot be read, or it is no checkpoint that is whole, unaltered and of a version that is known.</exception>
    public static Checkpoint Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var place = Quoted.Show(path);
        try
        {
            if (Directory.Exists(path))
            {
                throw new CheckpointException(CheckpointFailure.Input, $"{place} is a folder; name the files in it");
            }

            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return stream.CanSeek ? Read(stream, place) : throw new CheckpointException(CheckpointFailure.Input, $"{place} is no file but a pipe or device; write it to a file first");
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException or ArgumentException)
        {
            throw new CheckpointException(CheckpointFailure.Input, $"there is no file {place}", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(CheckpointFailure.Environment, $"{place} cannot be read: {Reason(failure)}", failure);
        }
    }

    /// <summary>Reads and checks all of a stream from where it is.</summary>
    /// <param name="stream">One that knows its length.</param>
    /// <param name="place">What messages call it.</param>
    /// <exception cref="CheckpointException">It is no checkpoint that is whole, unaltered and of a version that is known.</exception>
    public static Checkpoint Read(Stream stream, string place)
    {
        try
        {
            return new CheckpointFileReader(stream, place).Read();
        }
        catch (EndOfStreamException failure)
        {
            throw new CheckpointException(CheckpointFailure.Input, $"{place} became shorter while it was read; copy it again", failure);
        }
    }

    /// <summary>Writes a file; it is wholly there afterwards, or as it was before.</summary>
    /// <exception cref="CheckpointException">It is there already, or cannot be written.</exception>
    public static void Write(Checkpoint checkpoint, string path, bool overwrite)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var place = Quoted.Show(path);
        if (Directory.Exists(path))
        {
            throw new CheckpointException(CheckpointFailure.Input, $"{place} is a folder; name a file");
        }

        var full = Path.GetFullPath(path);
        var temporary = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.{Environment.ProcessId}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                CheckpointFileWriter.Write(checkpoint, stream);
                stream.Flush(flushToDisk: true);
            }

            if (!overwrite && Path.Exists(full))
            {
                throw new CheckpointException(CheckpointFailure.Input, $"{place} is there already; name another file, or overwrite it with --force");
            }

            File.Move(temporary, full, overwrite);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(CheckpointFailure.Environment, $"{place} cannot be written: {Reason(failure)}", failure);
        }
        finally
        {
            Remove(temporary);
        }
    }

    /// <summary>Writes to a stream, which stays open.</summary>
    /// <exception cref="CheckpointException">The checkpoint breaks a limit.</exception>
    public static void Write(Checkpoint checkpoint, Stream stream) => CheckpointFileWriter.Write(checkpoint, stream);

    /// <summary>The reason without the path, which the message around it names.</summary>
    private static string Reason(Exception failure) => failure switch
    {
        UnauthorizedAccessException => "permission is denied",
        DirectoryNotFoundException => "its folder does not exist",
        _ => failure.Message.Split(" : '")[0].TrimEnd('.'),
    };

    private static void Remove(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A failure to clean up must not hide the one that made it necessary; the name says that it is temporary.
        }
    }
}
