namespace Trapline.Cluster.Traces.Rounds;

/// <summary>What is drawn in a lane: spans first, then instants.</summary>
public enum RoundItemKind
{
    /// <summary>A vCPU is outside the guest.</summary>
    Exit,

    /// <summary>It sleeps there.</summary>
    Asleep,

    /// <summary>A vCPU is in the handler of an interrupt or a fault.</summary>
    Handler,

    /// <summary>An interrupt became pending: at a vCPU's own unit, or in a controller.</summary>
    Raised,

    /// <summary>A vCPU is kicked.</summary>
    Kick,

    /// <summary>A controller or device serves an access, an input, a message or a timer.</summary>
    Request,

    /// <summary>A guest's mark.</summary>
    Mark,
}
