using Trapline.Actors.Tracing;
using Trapline.Messages;

namespace Trapline.Actors.Kernel;

/// <summary>How a run is carried out: nothing here changes what it finds.</summary>
public sealed record EngineOptions
{
    /// <summary>Threads that share a window's groups, 1 to 64.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Window length in (0, L]; the greatest possible where it is not given.</summary>
    public VirtualTime? Window { get; init; }

    /// <summary>Watch over invariants. A run that keeps them all is the same with and without; the first violation ends one that does not.</summary>
    public bool Invariants { get; init; }

    /// <summary>Gets what happens, after each window; null where nothing is traced.</summary>
    public TraceWriter? Trace { get; init; }
}
