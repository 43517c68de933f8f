using Trapline.Actors.Kernel;
using Trapline.Messages;

namespace Trapline.Cluster.Runs;

/// <summary>What another thread may do to a run and see of it.</summary>
public sealed class RunControl : IDisposable
{
    private readonly CancellationTokenSource _interruption = new();
    private volatile string _variant = "";
    private volatile Engine? _engine;

    public bool Interrupted => _interruption.IsCancellationRequested;

    /// <summary>Name of the variant that is running.</summary>
    public string Variant => _variant;

    /// <summary>Virtual time that the variant has reached.</summary>
    public VirtualTime Position => _engine?.Position ?? VirtualTime.Zero;

    /// <summary>Windows of the variant so far.</summary>
    public long Windows => _engine?.Windows ?? 0;

    /// <summary>Stops the run at the start of its next window; what was done is reported.</summary>
    public void Interrupt() => _interruption.Cancel();

    /// <summary>For what waits before the first window; a run that goes on is stopped between windows.</summary>
    internal CancellationToken Interruption => _interruption.Token;

    public void Dispose() => _interruption.Dispose();

    internal void Watch(string variant, Engine? engine)
    {
        _variant = variant;
        _engine = engine;
    }
}
