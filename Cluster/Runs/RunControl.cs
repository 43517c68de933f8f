using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Trapline.Actors.Kernel;
using Trapline.Cluster.Runs.Acts;
using Trapline.Messages;

namespace Trapline.Cluster.Runs;

/// <summary>What another thread may do to a run and see of it.</summary>
public sealed class RunControl : IDisposable
{
    private const int MostRequests = 64;

    private readonly CancellationTokenSource _interruption = new();
    private readonly ConcurrentQueue<RequestedAct> _requests = new();
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

    /// <summary>Asks for something to be done at the start of the next window. The answer comes with the request.</summary>
    public void Ask(RequestedAct request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_requests.Count >= MostRequests)
        {
            request.Refuse($"{MostRequests} requests wait already");
            return;
        }

        _requests.Enqueue(request);
    }

    /// <summary>The run is over: nothing more is done.</summary>
    public void RefuseRequests()
    {
        while (_requests.TryDequeue(out var request))
        {
            request.Refuse("the run has ended");
        }
    }

    public void Dispose() => _interruption.Dispose();

    internal bool TryTake([NotNullWhen(true)] out RequestedAct? request) => _requests.TryDequeue(out request);

    internal void Watch(string variant, Engine? engine)
    {
        _variant = variant;
        _engine = engine;
    }
}
