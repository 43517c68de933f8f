using Trapline.Actors.Kernel;
using Trapline.Messages;

namespace Trapline.Cluster.Runs;

/// <summary>What another thread may do to a run and see of it.</summary>
public sealed class RunControl
{
    private volatile bool _interrupted;
    private volatile string _variant = "";
    private volatile Engine? _engine;

    public bool Interrupted => _interrupted;

    /// <summary>Name of the variant that is running.</summary>
    public string Variant => _variant;

    /// <summary>Virtual time that the variant has reached.</summary>
    public VirtualTime Position => _engine?.Position ?? VirtualTime.Zero;

    /// <summary>Windows of the variant so far.</summary>
    public long Windows => _engine?.Windows ?? 0;

    /// <summary>Stops the run at the start of its next window; what was done is reported.</summary>
    public void Interrupt() => _interrupted = true;

    internal void Watch(string variant, Engine? engine)
    {
        _variant = variant;
        _engine = engine;
    }
}
