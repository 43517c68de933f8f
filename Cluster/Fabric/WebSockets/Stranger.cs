namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>A connection that belongs to no session yet. Kestrel carries it from the gate to the request as a feature.</summary>
internal sealed class Stranger(Action leave)
{
    private Action? _leave = leave;

    /// <summary>Whether a whole request came.</summary>
    internal bool Asked { get; set; }

    /// <summary>It has found its session, or is gone.</summary>
    internal void Leave() => Interlocked.Exchange(ref _leave, null)?.Invoke();
}
