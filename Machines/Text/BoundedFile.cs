namespace Trapline.Machines.Text;

/// <summary>Reads files that a person named, whatever they turn out to be.</summary>
public static class BoundedFile
{
    /// <summary>
    /// How long to wait for a file to open and end. Far longer than any disk; opening a named pipe that nobody writes to waits for ever.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The first bytes, at most one more than <paramref name="maxBytes"/>, which says that the file is longer.</summary>
    /// <exception cref="IOException">It cannot be read, or nothing came for <see cref="Patience"/>.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] Read(string path, int maxBytes)
    {
        // On a thread of its own: neither opening nor reading a pipe can be given up from outside. It does not keep the process alive.
        var reading = Task.Factory.StartNew(() => ReadNow(path, maxBytes), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (((IAsyncResult)reading).AsyncWaitHandle.WaitOne(Patience))
        {
            return reading.GetAwaiter().GetResult();
        }

        throw new IOException($"nothing came from it for {Patience.TotalSeconds:0} s; is it a pipe that nobody writes to?");
    }

    private static byte[] ReadNow(string path, int maxBytes)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        // Read, not asked for its length: it can grow, a pipe has none and a device has no end.
        var bytes = new byte[maxBytes + 1];
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }
}
