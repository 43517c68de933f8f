using Trapline.Messages;

namespace Trapline.Actors.Kernel;

/// <summary>
/// Threads that share the groups of a window. A window with little work runs on the calling thread; threads that wait
/// block, after the short spin that the primitives themselves do.
/// </summary>
internal sealed class WindowWorkers : IDisposable
{
    public const int MaximumThreads = 64;

    // Waking a thread costs as much as some dozens of groups with a message each: below this, sharing was slower (256 vCPUs,
    // everyone to everyone, two threads: 0.5 of one thread's rate from 24 groups on, 0.9 from 64, 1.0 from 128).
    private const int WorthSharing = 128;

    private readonly Group?[] _groups;
    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _go = new(0);
    private readonly CountdownEvent _done = new(1);
    private readonly Exception?[] _failures;
    private readonly int[] _shared;
    private int _count;
    private int _next;
    private VirtualTime _end;
    private volatile bool _stopping;

    public WindowWorkers(Group?[] groups, int threads)
    {
        if (threads is < 1 or > MaximumThreads)
        {
            throw new SimulationException($"{threads} threads are outside 1..{MaximumThreads}");
        }

        _groups = groups;
        _shared = new int[groups.Length];
        _failures = new Exception?[groups.Length];
        _threads = new Thread[threads - 1];
        for (var i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = $"window worker {i + 1}" };
            _threads[i].Start();
        }
    }

    public void Run(ReadOnlySpan<int> active, VirtualTime end)
    {
        if (_threads.Length == 0 || active.Length < WorthSharing)
        {
            foreach (var index in active)
            {
                _groups[index]!.Run(end);
            }

            return;
        }

        active.CopyTo(_shared);
        _count = active.Length;
        _end = end;
        _next = 0;
        _done.Reset(_threads.Length);
        _go.Release(_threads.Length);
        TakeGroups();
        _done.Wait();
        ThrowFirst(active);
    }

    public void Dispose()
    {
        _stopping = true;
        if (_threads.Length > 0)
        {
            _go.Release(_threads.Length);
        }

        foreach (var thread in _threads)
        {
            thread.Join();
        }

        _go.Dispose();
        _done.Dispose();
    }

    private void Work()
    {
        while (true)
        {
            _go.Wait();
            if (_stopping)
            {
                return;
            }

            TakeGroups();
            _done.Signal();
        }
    }

    private void TakeGroups()
    {
        for (int i; (i = Interlocked.Increment(ref _next) - 1) < _count;)
        {
            try
            {
                _groups[_shared[i]]!.Run(_end);
            }
#pragma warning disable CA1031 // Whatever a group throws is thrown again on the calling thread, in the order of groups.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                _failures[_shared[i]] = failure;
            }
        }
    }

    /// <summary>Of several failures the one of the first group, whichever thread came first.</summary>
    private void ThrowFirst(ReadOnlySpan<int> active)
    {
        foreach (var index in active)
        {
            if (_failures[index] is { } failure)
            {
                Array.Clear(_failures);
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            }
        }
    }
}
