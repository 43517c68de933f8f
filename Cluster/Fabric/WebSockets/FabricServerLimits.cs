namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>What strangers may take of a node: connections, and time.</summary>
public sealed record FabricServerLimits
{
    public static readonly FabricServerLimits Default = new();

    /// <summary>Connections of all kinds at once, those of links included.</summary>
    public int MaxConnections { get; init; } = 2048;

    /// <summary>Connections at once from one remote address that belong to no session (yet).</summary>
    public int MaxStrangersPerAddress { get; init; } = 128;

    /// <summary>Connections at once that wait for a session which this node does not expect yet.</summary>
    public int MaxWaiting { get; init; } = 256;

    /// <summary>The same from one remote address.</summary>
    public int MaxWaitingPerAddress { get; init; } = 64;

    /// <summary>How long such a connection waits before it is refused: nodes learn of a session within seconds of each other.</summary>
    public TimeSpan WaitTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>For each step of a stranger until its session has it: the TLS handshake, the request's header, the proof of the key.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <exception cref="ArgumentException">A limit is out of its range; the message says which and what it may be.</exception>
    public void Validate()
    {
        CheckCount(MaxConnections, nameof(MaxConnections));
        CheckCount(MaxStrangersPerAddress, nameof(MaxStrangersPerAddress));
        CheckCount(MaxWaiting, nameof(MaxWaiting));
        CheckCount(MaxWaitingPerAddress, nameof(MaxWaitingPerAddress));
        CheckTime(WaitTimeout, nameof(WaitTimeout));
        CheckTime(HandshakeTimeout, nameof(HandshakeTimeout));
    }

    private static void CheckCount(int count, string name)
    {
        if (count is < 1 or > 1 << 20)
        {
            throw new ArgumentException($"{nameof(FabricServerLimits)}.{name} is {count}; it may be 1 to 2^20.");
        }
    }

    private static void CheckTime(TimeSpan time, string name)
    {
        if (time < TimeSpan.FromMilliseconds(100) || time > TimeSpan.FromHours(1))
        {
            throw new ArgumentException($"{nameof(FabricServerLimits)}.{name} is {time}; it may be 0.1 s to an hour.");
        }
    }
}
