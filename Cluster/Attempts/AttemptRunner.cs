using System.Diagnostics;
using System.Runtime.InteropServices;
using Trapline.Actors.Kernel;
using Trapline.Cluster.Fabric;
using Trapline.Cluster.Runs;
using Trapline.Cluster.Runs.Acts;
using Trapline.Cluster.Telemetry;
using Trapline.Messages;

namespace Trapline.Cluster.Attempts;

/// <summary>
/// Carries out one attempt at a job on one of its nodes, in lock step with the others. All nodes run the same outer windows, as long as the
/// least latency between them; inside one a node keeps its own shorter windows. What was sent to another node is due at the end
/// of the outer window or later. Cuts, moves and what people do happen between two windows, the same ones on all nodes.
/// </summary>
internal sealed class AttemptRunner : IDisposable
{
    /// <summary>A node that is alone waits for nobody: it need not look up after each of its windows, only often enough for a person.</summary>
    private const int WindowsAlone = 64;

    /// <summary>How long the lead waits between two empty windows while the run stands still.</summary>
    private static readonly TimeSpan PauseStep = TimeSpan.FromMilliseconds(20);

    private readonly AttemptSettings _settings;
    private readonly IFabric _fabric;
    private readonly IAttemptSupervisor _supervisor;
    private readonly AttemptProgress _progress;
    private readonly CancellationToken _abandoned;
    private readonly Queue<JournalEntry> _repeated;
    private readonly AttemptExchange _exchange;
    private Engine _engine;
    private VirtualTime _length;
    private VirtualTime _now;
    private readonly NodeTimes _times = new();
    private long _windows;
    private long _computedTicks;
    private long _exchangedTicks;
    private long _computedBefore;
    private Dictionary<int, long> _handledBefore = [];
    private int _cuts;
    private bool _stopped;

    public AttemptRunner(AttemptSettings settings, IFabric fabric, IAttemptSupervisor supervisor, AttemptProgress progress, CancellationToken abandoned)
    {
        _settings = settings;
        _fabric = fabric;
        _supervisor = supervisor;
        _progress = progress;
        _abandoned = abandoned;
        _now = settings.Restored?.At ?? VirtualTime.Zero;
        _repeated = new(settings.Acts.Where(act => act.AtPs >= _now.Picoseconds).OrderBy(act => act.AtPs));
        _exchange = new AttemptExchange(fabric, settings.Plan);
        var plan = settings.Plan.Build();
        _engine = new Engine(plan, settings.Placement(plan, fabric.NodeCount), fabric.Node, new EngineOptions
        {
            Threads = settings.Threads,
            Window = settings.Window,
            Invariants = settings.Invariants && settings.Plan.IsVirtual,
        });
        _length = LengthBetweenNodes();
    }

    private bool IsLead => _fabric.Node == 0;

    /// <summary>Blocks until the variant has ended; every node has the same outcome.</summary>
    /// <exception cref="FabricException">A node was lost: another attempt has to be made.</exception>
    /// <exception cref="OperationCanceledException">The attempt was abandoned.</exception>
    public VariantOutcome Run()
    {
        var watch = Stopwatch.StartNew();
        var limit = _settings.Plan.Length(_settings.Smoke, _engine.Plan.Window);
        _engine.StopBefore(limit);
        Begin();
        _progress.Groups = _engine.Groups.Count();
        Measure();
        RunWindows();
        _times.Groups = _progress.Groups;
        _times.Computed = (long)Stopwatch.GetElapsedTime(0, _computedTicks).TotalMicroseconds;
        _times.Exchanged = (long)Stopwatch.GetElapsedTime(0, _exchangedTicks).TotalMicroseconds;
        return _exchange.Outcome(_engine, limit, _stopped, watch.Elapsed, _times, _windows);
    }

    public void Dispose() => _engine.Dispose();

    private void Begin()
    {
        if (_settings.Restored is { } restored)
        {
            restored.Load(_engine);
        }
        else
        {
            _engine.Start();
        }
    }

    private void RunWindows()
    {
        for (; ; _windows++)
        {
            _abandoned.ThrowIfCancellationRequested();
            (_progress.Window, _progress.Position) = (_windows, _now);
            var nextDue = VirtualTime.Min(_engine.NextDue, HandOver());
            var summary = new WindowSummary(_windows, nextDue, _engine.StopAt, (uint)OwnFlags());
            var begun = Stopwatch.GetTimestamp();
            var inbox = _fabric.Exchange(summary);
            _exchangedTicks += Stopwatch.GetTimestamp() - begun;
            _engine.StopBefore(inbox.Stop);
            var flags = Accept(inbox);
            nextDue = inbox.NextDue;
            if (nextDue >= _engine.StopAt)
            {
                return;
            }

            var acted = flags.HasFlag(WindowFlags.Command) && Obey(isEnding: flags.HasFlag(WindowFlags.Ending));

            if ((flags & (WindowFlags.Cut | WindowFlags.Ending)) == WindowFlags.Cut)
            {
                Cut();
            }

            if (flags.HasFlag(WindowFlags.Pause))
            {
                continue;
            }

            // What a person does is due now, at one node alone: all nodes begin the window there, or their windows would not end together.
            acted |= RepeatActs();
            var end = VirtualTime.Min((acted ? VirtualTime.Min(nextDue, _now) : nextDue) + _length, _engine.StopAt);
            end = _repeated.TryPeek(out var next) ? VirtualTime.Min(end, new VirtualTime(next.AtPs)) : end;
            begun = Stopwatch.GetTimestamp();
            _engine.Run(end);
            _computedTicks += Stopwatch.GetTimestamp() - begun;
            _now = VirtualTime.Max(_now, end);
        }
    }

    private WindowFlags OwnFlags()
    {
        var flags = _engine.End is null ? WindowFlags.None : WindowFlags.Ending;
        if (!IsLead)
        {
            return flags;
        }

        // At the beginning nothing is new: a cut would save nothing, and who stood still for want of one would do so for ever.
        if (_now > (_settings.Restored?.At ?? VirtualTime.Zero))
        {
            flags |= _supervisor.WantsCut ? WindowFlags.Cut : WindowFlags.None;
            if (_supervisor.StandsStill())
            {
                Thread.Sleep(PauseStep);
                flags |= WindowFlags.Pause;
            }
        }

        return _exchange.Collect(_supervisor) ? flags | WindowFlags.Command : flags;
    }

    /// <summary>Gives the fabric what the window left for other nodes; returns the least due time of it.</summary>
    private VirtualTime HandOver()
    {
        var least = VirtualTime.Never;
        for (var peer = 0; peer < _fabric.NodeCount; peer++)
        {
            if (peer == _fabric.Node)
            {
                continue;
            }

            var messages = CollectionsMarshal.AsSpan(_engine.OutgoingTo(peer));
            foreach (ref readonly var message in messages)
            {
                least = VirtualTime.Min(least, message.Due);
            }

            _times.Messages += messages.Length;
            _fabric.Outgoing(peer).AddRange(messages);
            _engine.OutgoingTo(peer).Clear();
        }

        return least;
    }

    /// <summary>Takes what the others sent; returns the flags of all.</summary>
    private WindowFlags Accept(WindowInbox inbox)
    {
        var flags = WindowFlags.None;
        for (var peer = 0; peer < _fabric.NodeCount; peer++)
        {
            flags |= (WindowFlags)inbox.Summary(peer).Flags;
            _engine.Accept(inbox.Messages(peer), peer, notBefore: _now);
        }

        return flags;
    }

    /// <summary>Whether an act was among the commands, the same on all nodes.</summary>
    private bool Obey(bool isEnding)
    {
        var acted = false;
        foreach (var command in _exchange.Commands())
        {
            acted |= command.Act is not null;
            var answer = isEnding ? "the run is ending: nothing more is done to it" : Obey(command);
            if (IsLead)
            {
                _supervisor.Answer(command, answer);
            }
        }

        return acted;
    }

    private string Obey(AttemptCommand command)
    {
        if (command.Act is { } asked)
        {
            return Do(asked with { AtPs = _now.Picoseconds });
        }

        var watch = Stopwatch.StartNew();
        var problem = "";
        var next = command.Move is { } move ? _exchange.After(_engine.Placement, move, out problem) : Rebalanced();
        if (next is null)
        {
            return problem;
        }

        var moved = Enumerable.Range(0, next.Groups).Count(group => next.NodeOf(group) != _engine.Placement.NodeOf(group));
        if (moved == 0)
        {
            return command.Move is { } there ? RunAnswer.There(there, _now) : "all groups are where they should be: nothing was moved";
        }

        if (_exchange.Move(ref _engine, next, _progress.Moves) is { } refusal)
        {
            return refusal;
        }

        _length = LengthBetweenNodes();
        _progress.Groups = _engine.Groups.Count();
        _progress.Moves++;
        ClusterTelemetry.MoveHalt.Record(watch.Elapsed.TotalSeconds);
        return command.Move is { } done
            ? RunAnswer.Moved(done, _now, watch.Elapsed)
            : $"{moved} groups went to other nodes at {_now}; the run stood still for {watch.Elapsed.TotalMilliseconds:0.0} ms";
    }

    /// <summary>By what was measured since the last time.</summary>
    private Placement Rebalanced()
    {
        var placement = _exchange.Rebalanced(_engine, TrafficReport.Of(_engine, _computedTicks - _computedBefore, _handledBefore));
        Measure();
        return placement;
    }

    /// <summary>Measures anew from here on.</summary>
    private void Measure()
    {
        _computedBefore = _computedTicks;
        _handledBefore = _engine.Groups.ToDictionary(group => group.Index, group => group.Handled);
        if (_settings.MeasuresTraffic && _engine.Plan.Groups.Count <= TrafficCounter.MostGroups)
        {
            _engine.Traffic ??= new TrafficCounter(_engine.Plan);
            _engine.Traffic.Clear();
        }
    }

    /// <summary>Written down by the lead first, and only then done by anyone: what took effect can always be repeated.</summary>
    private string Do(JournalEntry act)
    {
        if (JournalEntry.IsMessage(act.Act) && _settings.Plan.Variant.Migrations is null)
        {
            return $"variant '{act.Variant}' has one host: a scenario whose VM may migrate has the key 'migrations', be it an empty list";
        }

        if (!_exchange.Agree($"act at {act.AtPs}", () => _supervisor.WriteDown(act)))
        {
            return "it cannot be written down just now, so it was not done: ask again when the database is back";
        }

        Repeat(act);
        return RunAnswer.Acted(act, _now);
    }

    private bool RepeatActs()
    {
        var acted = false;
        while (_repeated.TryPeek(out var act) && act.AtPs <= _now.Picoseconds)
        {
            Repeat(_repeated.Dequeue());
            acted = true;
        }

        return acted;
    }

    private void Repeat(JournalEntry act)
    {
        if (act.Act == JournalEntry.StopAct)
        {
            _engine.StopBefore(new VirtualTime(act.AtPs));
            _stopped = true;
        }
        else
        {
            VariantActs.Repeat(_engine, act);
        }
    }

    private void Cut()
    {
        var watch = Stopwatch.StartNew();
        var number = ++_cuts;
        if (_supervisor.RentCapture() is { } state)
        {
            state.Take(_engine, _now, _settings.Threads);
            _supervisor.Cut(number, state, _now, watch.Elapsed);
        }
    }

    private VirtualTime LengthBetweenNodes()
    {
        var length = _fabric.NodeCount == 1
            ? new VirtualTime(Math.Min(_engine.Plan.Greatest.Picoseconds, VirtualTime.Never.Picoseconds / WindowsAlone) * WindowsAlone)
            : VirtualTime.Min(_engine.Plan.LookaheadBetween(_engine.Placement), _engine.Plan.Greatest);
        return _settings.Window is { } window && _fabric.NodeCount > 1 ? VirtualTime.Min(length, window) : length;
    }
}
