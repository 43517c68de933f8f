using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Trapline.Messages;

namespace Trapline.Actors.Kernel;

/// <summary>
/// Threads that share a window: first its groups are run, then what they sent is delivered, each thread to the groups that it
/// owns. A window with little work stays on the calling thread; threads that wait block, after the short spin that the
/// primitives themselves do.
/// </summary>
internal sealed class WindowWorkers : IDisposable
{
    // Waking a thread costs as much as some dozens of groups with a message each: below this, sharing was slower.
    private const int WorthSharing = 128;

    // Groups that a thread claims at a time: few enough to share the last ones out, enough to make claims cheap.
    private const int ClaimSize = 16;

    // How far ahead of the work memory is asked for: about as long as it takes to come.
    private const int GroupsAhead = 2;
    private const int MessagesAhead = 8;

    private readonly Group?[] _groups;
    private readonly MessageQueue[] _queues;
    private readonly GroupSchedule _schedule;
    private readonly GroupOwners _owners;
    private readonly WorkerOutput[] _outputs;
    private readonly bool _prefetches;
    private readonly WindowSlice[] _slices;
    private readonly Thread[] _threads;
    private readonly Barrier _phase;
    private readonly (int Group, Exception Failure)?[] _failures;
    private int[] _active = [];
    private int _count;
    private VirtualTime _end;
    private volatile bool _failed;
    private volatile bool _stopping;

    public WindowWorkers(Group?[] groups, GroupSchedule schedule, GroupOwners owners, WorkerOutput[] outputs)
    {
        _groups = groups;
        _queues = [.. groups.Select(group => group?.Queue!)];
        _prefetches = Prefetch.PaysFor(groups.Length);
        _schedule = schedule;
        _owners = owners;
        _outputs = outputs;
        _slices = [.. outputs.Select(_ => new WindowSlice())];
        _failures = new (int, Exception)?[outputs.Length];
        _phase = new Barrier(outputs.Length);
        _threads = new Thread[outputs.Length - 1];
        for (var i = 0; i < _threads.Length; i++)
        {
            var worker = i + 1;
            _threads[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"window worker {worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>Counts what is delivered; null for nothing.</summary>
    public TrafficCounter? Traffic { get; set; }

    /// <summary>Runs the groups named first in <paramref name="active"/>, in ascending order, and delivers what they sent one another.</summary>
    public void Run(int[] active, int count, VirtualTime end)
    {
        _active = active;
        _count = count;
        _end = end;
        if (_threads.Length == 0 || count < WorthSharing)
        {
            var next = 0;
            try
            {
                RunGroups(ref next, count, _outputs[0]);
            }
            catch (Exception refusal) when (IsRefusal(refusal))
            {
                throw Named(refusal, active[next]);
            }

            DeliverAll(end);
            return;
        }

        Cut(active.AsSpan(0, count));
        _phase.SignalAndWait();
        Share(0);
        if (_failed)
        {
            ThrowFirst();
        }
    }

    /// <summary>Delivers on this thread alone what was sent by groups that this thread alone has run.</summary>
    public void DeliverAll(VirtualTime end)
    {
        for (var owner = 0; owner < _outputs.Length; owner++)
        {
            Refresh(owner, end);
            Deliver(_outputs[0], owner);
        }
    }

    public void Dispose()
    {
        _stopping = true;
        if (_threads.Length > 0)
        {
            _phase.SignalAndWait();
        }

        foreach (var thread in _threads)
        {
            thread.Join();
        }

        _phase.Dispose();
    }

    private void Work(int worker)
    {
        while (true)
        {
            _phase.SignalAndWait();
            if (_stopping)
            {
                return;
            }

            Share(worker);
        }
    }

    private void Share(int worker)
    {
        // Its own groups first, then what others have not come to.
        for (var i = 0; i < _slices.Length; i++)
        {
            TakeGroups(_slices[(worker + i) % _slices.Length], worker);
        }

        _phase.SignalAndWait();
        if (!_failed)
        {
            Refresh(worker, _end);
            foreach (var output in _outputs)
            {
                Deliver(output, worker);
            }
        }

        _phase.SignalAndWait();
    }

    private void Cut(ReadOnlySpan<int> active)
    {
        var first = 0;
        for (var thread = 0; thread < _slices.Length; thread++)
        {
            var found = active[first..].BinarySearch(_owners.EndOf(thread));
            var last = first + (found < 0 ? ~found : found);
            _slices[thread].Set(first, last);
            first = last;
        }
    }

    private void TakeGroups(WindowSlice slice, int worker)
    {
        while (slice.TryClaim(ClaimSize, out var next, out var last))
        {
            while (next < last)
            {
                try
                {
                    RunGroups(ref next, last, _outputs[worker]);
                }
#pragma warning disable CA1031 // Whatever a group throws is thrown again on the calling thread, in the order of groups.
                catch (Exception failure)
#pragma warning restore CA1031
                {
                    Note(IsRefusal(failure) ? Named(failure, _active[next]) : failure, _active[next++], worker);
                }
            }
        }
    }

    /// <summary>A model was used as its interface forbids: by a message from another node, or one that altered saved state holds.</summary>
    private static bool IsRefusal(Exception failure) => failure is ArgumentException or InvalidOperationException;

    private SimulationException Named(Exception refusal, int group) =>
        new($"group {_groups[group]!.Name} cannot go on at {_groups[group]!.Now}: {refusal.Message}", refusal);

    private void Note(Exception failure, int group, int worker)
    {
        if (_failures[worker] is not { } other || group < other.Group)
        {
            _failures[worker] = (group, failure);
        }

        _failed = true;
    }

    /// <summary>Runs some of the window's groups; where one throws, <paramref name="next"/> is its place.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RunGroups(ref int next, int last, WorkerOutput output)
    {
        for (; next < last; next++)
        {
            if (_prefetches)
            {
                PrefetchAhead(next);
            }

            var index = _active[next];
            var group = _groups[index]!;
            var waiting = group.Queue.Count;
            group.Run(_end, output);
            _schedule.Put(index, group.NextDue);
            output.Waiting += group.Queue.Count - waiting;
        }
    }

    /// <summary>In steps, since each finds its address in what the one before asked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PrefetchAhead(int now)
    {
        if (now + (4 * GroupsAhead) < _count)
        {
            var group = _active[now + (4 * GroupsAhead)];
            Prefetch.Object(ref _queues[group], lines: 2);
            Prefetch.Object(ref _groups[group], lines: 3);
        }

        if (now + (2 * GroupsAhead) < _count)
        {
            var group = _active[now + (2 * GroupsAhead)];
            _queues[group].PrefetchOrder();
            _groups[group]!.PrefetchActor();
        }

        if (now + GroupsAhead < _count)
        {
            _queues[_active[now + GroupsAhead]].PrefetchFirst();
        }
    }

    private void Refresh(int owner, VirtualTime end)
    {
        var (first, last) = _owners.BlocksOf(owner);
        _schedule.Refresh(first, last, end);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Deliver(WorkerOutput output, int owner)
    {
        var outbox = output[owner];
        var messages = outbox.Messages;
        var groups = outbox.Groups;
        var traffic = Traffic;
        for (var i = 0; i < messages.Length; i++)
        {
            traffic?.Count(in messages[i], groups[i]);
            if (_prefetches)
            {
                PrefetchAhead(groups, i);
            }

            _queues[groups[i]].Push(in messages[i]);
            _schedule.Lower(groups[i], messages[i].Due);
        }

        _outputs[owner].Waiting += messages.Length;
        outbox.Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PrefetchAhead(ReadOnlySpan<int> targets, int now)
    {
        if (now + (2 * MessagesAhead) < targets.Length)
        {
            Prefetch.Object(ref _queues[targets[now + (2 * MessagesAhead)]], lines: 2);
        }

        if (now + MessagesAhead < targets.Length)
        {
            _queues[targets[now + MessagesAhead]].PrefetchRoom();
        }
    }

    /// <summary>Of several failures the one of the first group, whichever thread came first.</summary>
    private void ThrowFirst() =>
        ExceptionDispatchInfo.Throw(_failures.Where(each => each is not null).MinBy(each => each!.Value.Group)!.Value.Failure);
}
