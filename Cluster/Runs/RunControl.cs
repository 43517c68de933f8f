using Trapline.Messages;

namespace Trapline.Cluster.Runs;

/// <summary>What another thread may do to a run and see of it.</summary>
public sealed class RunControl
{
    private volatile bool _interrupted;
    private volatile string _variant = "";
    private long _position;
    private long _windows;

    public bool Interrupted => _interrupted;

    /// <summary>Name of the variant that is running.</summary>
    public string Variant
    {
        get => _variant;
        internal set => _variant = value;
    }

    /// <summary>Virtual time that the variant has reached.</summary>
    public VirtualTime Position
    {
        get => new(Interlocked.Read(ref _position));
        internal set => Interlocked.Exchange(ref _position, value.Picoseconds);
    }

    /// <summary>Windows of the variant so far.</summary>
    public long Windows
    {
        get => Interlocked.Read(ref _windows);
        internal set => Interlocked.Exchange(ref _windows, value);
    }

    /// <summary>Stops the run at the start of its next window; what was done is reported.</summary>
    public void Interrupt() => _interrupted = true;
}
