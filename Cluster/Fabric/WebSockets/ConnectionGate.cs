using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>
/// Stands before everything else a node's server does, TLS too: so many connections and no more, and from one address so many that no session
/// has taken. Whoever fills its share keeps out others at its own address alone.
/// </summary>
internal sealed class ConnectionGate(FabricServerLimits limits, RefusalCounters refusals)
{
    private readonly Lock _changing = new();
    private readonly Dictionary<IPAddress, int> _strangers = [];
    private int _connections;

    internal async Task PassAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        if (TryEnter(address) is not { } stranger)
        {
            refusals.Count(Refusal.TooManyConnections);
            connection.Abort();
            return;
        }

        connection.Features.Set(stranger);
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            if (!stranger.Asked)
            {
                refusals.Count(Refusal.NoRequest);
            }

            stranger.Leave();
            Interlocked.Decrement(ref _connections);
        }
    }

    private Stranger? TryEnter(IPAddress address)
    {
        lock (_changing)
        {
            var here = _strangers.GetValueOrDefault(address);
            if (here >= limits.MaxStrangersPerAddress || _connections >= limits.MaxConnections)
            {
                return null;
            }

            Interlocked.Increment(ref _connections);
            _strangers[address] = here + 1;
        }

        return new(() => Leave(address));
    }

    private void Leave(IPAddress address)
    {
        lock (_changing)
        {
            if (--_strangers[address] == 0)
            {
                _strangers.Remove(address);
            }
        }
    }
}
