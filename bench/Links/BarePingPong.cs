using System.Net;
using System.Net.Sockets;

namespace Trapline.Bench.Links;

/// <summary>What the machine can do: one end sends, the other answers with as many bytes.</summary>
internal static class BarePingPong
{
    public static double[] Measure(int messages, int rounds)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var url = new Uri($"tcp://{listener.LocalEndPoint}");
        using var peer = LinksBenchmark.StartPeer(LinksBenchmark.Bare, url, messages, rounds);
        using var socket = listener.Accept();
        socket.NoDelay = true;
        var bytes = new byte[LinksBenchmark.BytesOf(messages)];
        var samples = LinksBenchmark.Time(rounds, _ =>
        {
            SendAll(socket, bytes);
            ReceiveAll(socket, bytes);
        });
        peer.WaitForExit();
        return samples;
    }

    public static void Answer(Uri url, int messages, int rounds)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Parse(url.Host), url.Port);
        var bytes = new byte[LinksBenchmark.BytesOf(messages)];
        for (var i = 0; i < rounds + LinksBenchmark.WarmUp; i++)
        {
            ReceiveAll(socket, bytes);
            SendAll(socket, bytes);
        }
    }

    private static void SendAll(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }

    private static void ReceiveAll(Socket socket, Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var received = socket.Receive(bytes);
            bytes = received > 0 ? bytes[received..] : throw new IOException("The other end of the ping-pong is gone.");
        }
    }
}
