using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Trapline.Cluster.Runs.Acts;

/// <summary>
/// Lets other processes of the same user do things to a run: a Unix domain socket, on which a request is a line of JSON and so is
/// its answer. It knows nothing of the run but its <see cref="RunControl"/>.
/// </summary>
public sealed class ControlServer : IDisposable
{
    /// <summary>Characters of a request; a line longer than this is none.</summary>
    private const int LongestLine = 1024;

    private readonly RunControl _control;
    private readonly string _file;
    private readonly string _folder;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;

    private ControlServer(RunControl control, string file, string folder, Socket listener)
    {
        _control = control;
        _file = file;
        _folder = folder;
        _listener = listener;
        _serving = Serve();
    }

    /// <summary>Listens, and says where in the run's folder.</summary>
    /// <exception cref="RunException">The folder for temporary files, or that of the run, cannot be written.</exception>
    public static ControlServer Open(RunControl control, string runFolder)
    {
        ArgumentNullException.ThrowIfNull(control);
        var file = Path.Combine(runFolder, ControlPlace.FileName);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // Only its owner gets into a folder made this way, and so to the socket in it.
            var folder = Directory.CreateTempSubdirectory("trapline-").FullName;
            var socket = Path.Combine(folder, "control");
            listener.Bind(new UnixDomainSocketEndPoint(socket));
            listener.Listen();
            var written = file + ".new";
            File.WriteAllText(written, JsonSerializer.Serialize(new ControlPlace(socket, Environment.ProcessId), JournalJson.Options) + '\n');

            // Whoever finds it finds it whole.
            File.Move(written, file, overwrite: true);
            return new ControlServer(control, file, folder, listener);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SocketException or ArgumentException)
        {
            listener.Dispose();
            throw new RunException(RunFailure.Environment, $"the run cannot listen for 'trapline migrate': {failure.Message}", failure);
        }
    }

    /// <summary>Nobody can reach the run any more.</summary>
    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _serving.Wait();
        _end.Dispose();
        try
        {
            File.Delete(_file);
            Directory.Delete(_folder, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // What is left says where nobody listens; the next run replaces it.
        }
    }

    private async Task Serve()
    {
        try
        {
            while (!_end.IsCancellationRequested)
            {
                // One after the other: a person does one thing at a time.
                using var connection = await _listener.AcceptAsync(_end.Token).ConfigureAwait(false);
                await Serve(connection).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The run is over.
        }
    }

    private async Task Serve(Socket connection)
    {
        try
        {
            using var stream = new NetworkStream(connection);
            var line = await ReadLine(stream).ConfigureAwait(false);
            var answer = await Answer(line).ConfigureAwait(false);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(answer, JournalJson.Options) + '\n'), _end.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            // Whoever asked is gone.
        }
    }

    private async Task<string> ReadLine(NetworkStream stream)
    {
        var bytes = new byte[LongestLine];
        var length = 0;
        while (length < bytes.Length)
        {
            var read = await stream.ReadAsync(bytes.AsMemory(length, 1), _end.Token).ConfigureAwait(false);
            if (read == 0 || bytes[length] == (byte)'\n')
            {
                break;
            }

            length++;
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private async Task<ActAnswer> Answer(string line)
    {
        RequestedAct request;
        try
        {
            request = new RequestedAct(JsonSerializer.Deserialize<ActRequest>(line, JournalJson.Options)?.Act ?? "");
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException)
        {
            return new ActAnswer(false, "", 0, $"this is no request: {failure.Message}");
        }

        _control.Ask(request);
        using var registration = _end.Token.Register(_control.RefuseRequests);
        return await request.Answer.ConfigureAwait(false);
    }
}
