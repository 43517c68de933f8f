using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Trapline.Cluster.Runs.Acts;

/// <summary>Does something to a run of another process.</summary>
public static class ControlClient
{
    /// <summary>Blocks until the run has done it, or has said why not.</summary>
    /// <param name="runFolder">The run's <c>--out</c> folder.</param>
    /// <param name="act">What is to be done.</param>
    /// <param name="cancellation">Stops waiting; what was asked may be done all the same.</param>
    /// <exception cref="RunException">No run goes on there, or it cannot be reached.</exception>
    public static ActAnswer Ask(string runFolder, string act, CancellationToken cancellation)
    {
        var place = Find(runFolder);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.ConnectAsync(new UnixDomainSocketEndPoint(place.Socket), cancellation).AsTask().GetAwaiter().GetResult();
            using var stream = new NetworkStream(socket);
            stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new ActRequest(act), JournalJson.Options) + '\n'));
            using var reader = new StreamReader(stream);
            var line = reader.ReadLineAsync(cancellation).AsTask().GetAwaiter().GetResult();
            return JsonSerializer.Deserialize<ActAnswer>(line ?? "", JournalJson.Options) ?? throw Lost(place, null);
        }
        catch (Exception failure) when (failure is SocketException or IOException or JsonException)
        {
            throw Lost(place, failure);
        }
    }

    private static ControlPlace Find(string runFolder)
    {
        var file = Path.Combine(runFolder, ControlPlace.FileName);
        try
        {
            return JsonSerializer.Deserialize<ControlPlace>(File.ReadAllText(file), JournalJson.Options)
                ?? throw new RunException(RunFailure.Input, $"{file} is empty");
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RunException(RunFailure.Input, $"no run goes on in {runFolder}: there is no {ControlPlace.FileName}, which a run has while its machine can migrate", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new RunException(RunFailure.Input, $"{file} cannot be read: {failure.Message}", failure);
        }
    }

    private static RunException Lost(ControlPlace place, Exception? inner) =>
        new(RunFailure.Environment, $"the run of process {place.Process} does not answer: it has ended, or belongs to somebody else", inner ?? new IOException("no answer"));
}
