using System.Diagnostics;
using System.Runtime.InteropServices;
using Trapline.Actors.Invariants;
using Trapline.Actors.Kernel;
using Trapline.Actors.Tracing;
using Trapline.Cluster.Fabric;
using Trapline.Cluster.Runs.Acts;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Machines.Results;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Cluster.Runs;

/// <summary>Runs one variant on this node.</summary>
internal sealed class VariantRunner
{
    /// <summary>In a window's summary: a person asked this node to stop.</summary>
    private const uint InterruptedFlag = 1;

    private readonly RunRequest _request;
    private readonly RunControl _control;
    private readonly VariantPlan _variant;
    private readonly JournalWriter _journal;
    private readonly IReadOnlyList<JournalEntry> _repeated;
    private readonly VariantActs _acts;
    private bool _interrupted;

    public VariantRunner(RunRequest request, RunControl control, VariantPlan variant, JournalWriter journal, IReadOnlyList<JournalEntry> repeated)
    {
        _request = request;
        _control = control;
        _variant = variant;
        _journal = journal;
        _repeated = request.Restored is { } restored ? [.. restored.Run.Acts, .. repeated.Except(restored.Run.Acts)] : repeated;
        _acts = new VariantActs(variant.Variant.Name, variant.Variant.Migrations is not null, control, journal, _repeated);
    }

    /// <summary>Null for no checkpoints.</summary>
    public CheckpointWriter? Checkpoints { get; init; }

    /// <summary>Of all variants of the run.</summary>
    public required string RunFingerprint { get; init; }

    /// <param name="fabric">Null where this node holds all groups.</param>
    public VariantReport Run(IFabric? fabric)
    {
        var watch = Stopwatch.StartNew();
        var plan = _variant.Build();
        var limit = _variant.Length(_request.Smoke, plan.Window);
        CheckWindow(plan);
        var placement = Placement.Blocks(plan.Groups.Count, fabric?.NodeCount ?? 1);
        var trace = Trace(plan);
        using var engine = new Engine(plan, placement, fabric?.Node ?? 0, new EngineOptions { Threads = _request.Threads, Window = _request.Window, Trace = trace, Invariants = _request.Invariants && _variant.IsVirtual });
        var end = VirtualTime.Never;
        try
        {
            var report = Run(engine, placement, fabric, limit, watch);
            var drained = engine.End is null && !_interrupted && engine.NextDue.IsNever;
            end = drained ? VirtualTime.Never : engine.StopAt;
            return report;
        }
        finally
        {
            // Also of a run that fails: then most of all somebody wants to see it.
            trace?.End(end);
        }
    }

    private VariantReport Run(Engine engine, Placement placement, IFabric? fabric, VirtualTime limit, Stopwatch watch)
    {
        _control.Watch(_variant.Variant.Name, engine);
        engine.StopBefore(limit);
        RepeatStop(engine);
        Begin(engine);
        IReadOnlyList<NodeResult> results;
        if (fabric is null)
        {
            engine.StopRequested = at =>
            {
                _acts.ServeRequests(engine, at);
                return StopRequested(at);
            };
            RunAlone(engine);
            results = [NodeResult.Of(engine, _variant.Program)];
        }
        else
        {
            RunWithPeers(engine, fabric, placement);
            results = ExchangeResults(engine, fabric);
        }

        _control.Watch(_variant.Variant.Name, null);
        var violations = Judge(engine, fabric, results);
        return new VariantReportBuilder(_variant.Variant, _variant.Program, results).Build(limit, _interrupted, watch.Elapsed.TotalSeconds, violations);
    }

    /// <summary>Every node comes to the same judgement, and only then, if something was violated, asks the others what they know of it.</summary>
    private (IReadOnlyList<ViolationRow> Violations, IReadOnlyList<FaultRow> Faults) Judge(Engine engine, IFabric? fabric, IReadOnlyList<NodeResult> results)
    {
        ObservedResult[] observed = [.. results.Select(result => result.Observed)];
        var violations = new RunJudge(observed).Violations();
        IReadOnlyList<NodeLives> lives = violations.Count == 0 ? []
            : fabric is null ? [NodeLives.Of(engine, violations)]
            : ExchangeLives(engine, fabric, violations);
        var rows = new ViolationRows(engine.Plan.Faults, observed, lives);
        return (rows.Of(violations), rows.Faults());
    }

    private TraceWriter? Trace(SimulationPlan plan) => _request.Traces.Count == 0
        ? null
        : new TraceWriter(_request.Traces, new TraceMachine(_variant.Variant.Name, _variant.Program, [.. plan.Groups.SelectMany(group => group.Addresses)]));

    private void CheckWindow(SimulationPlan plan)
    {
        if (_request.Window is { } window && plan.WindowProblem(window) is { } problem)
        {
            throw new RunException(RunFailure.Input, $"--window: {problem}");
        }
    }

    /// <summary>
    /// All nodes run the same outer windows, as long as the least latency between them; inside one a node keeps its own
    /// shorter windows. What was sent to another node is due at the end of the outer window or later.
    /// </summary>
    private void RunWithPeers(Engine engine, IFabric fabric, Placement placement)
    {
        var length = VirtualTime.Min(engine.Plan.LookaheadBetween(placement), engine.Plan.Greatest);
        length = VirtualTime.Min(length, _request.Window ?? length);
        var end = VirtualTime.Zero;
        for (var window = 0L; ; window++)
        {
            if (StopRequested(end))
            {
                engine.StopBefore(end);
            }

            var nextDue = VirtualTime.Min(engine.NextDue, HandOver(engine, fabric));
            var inbox = fabric.Exchange(new WindowSummary(window, nextDue, engine.StopAt, _interrupted ? InterruptedFlag : 0));
            engine.StopBefore(inbox.Stop);
            for (var peer = 0; peer < fabric.NodeCount; peer++)
            {
                _interrupted |= (inbox.Summary(peer).Flags & InterruptedFlag) != 0;
                engine.Accept(inbox.Messages(peer), peer, notBefore: end);
            }

            if (inbox.NextDue >= engine.StopAt)
            {
                return;
            }

            end = VirtualTime.Min(inbox.NextDue + length, engine.StopAt);
            engine.Run(end);
        }
    }

    /// <summary>Gives the fabric what the window left for other nodes; returns the least due time of it.</summary>
    private static VirtualTime HandOver(Engine engine, IFabric fabric)
    {
        var least = VirtualTime.Never;
        for (var peer = 0; peer < fabric.NodeCount; peer++)
        {
            if (peer == fabric.Node)
            {
                continue;
            }

            var messages = CollectionsMarshal.AsSpan(engine.OutgoingTo(peer));
            foreach (ref readonly var message in messages)
            {
                least = VirtualTime.Min(least, message.Due);
            }

            fabric.Outgoing(peer).AddRange(messages);
            engine.OutgoingTo(peer).Clear();
        }

        return least;
    }

    private List<NodeResult> ExchangeResults(Engine engine, IFabric fabric) =>
        Exchange(fabric, "results", NodeResult.Of(engine, _variant.Program).SyncState, () => new NodeResult(_variant.Program), result => result.SyncState);

    private List<NodeLives> ExchangeLives(Engine engine, IFabric fabric, IReadOnlyList<Violation> violations) =>
        Exchange(fabric, "lives", NodeLives.Of(engine, violations).SyncState, () => new NodeLives(), lives => lives.SyncState);

    /// <summary>Sends this node's part to the others and reads theirs, in the order of nodes.</summary>
    private List<T> Exchange<T>(IFabric fabric, string what, Action<StateSync> mine, Func<T> create, Func<T, Action<StateSync>> rowsOf)
    {
        var writer = new StateWriter();
        mine(writer);
        var parts = new List<T>();
        foreach (var bytes in fabric.ExchangeBlob($"{what} of {_variant.Variant.Name}", writer.Written))
        {
            try
            {
                var reader = new StateReader(bytes);
                var part = create();
                rowsOf(part)(reader);
                reader.Finish();
                parts.Add(part);
            }
            catch (StateFormatException failure)
            {
                throw new RunException(RunFailure.Environment, $"the {what} of node {parts.Count} for {_variant.Variant.Name} cannot be read: {failure.Message}", failure);
            }
        }

        return parts;
    }

    private void Begin(Engine engine)
    {
        if (_request.Restored is { } restored)
        {
            restored.Load(engine);
        }
        else
        {
            engine.Start();
        }
    }

    private void RunAlone(Engine engine)
    {
        var cutter = Checkpoints is { } writer ? Cutter(writer) : null;
        var from = _request.Restored?.At ?? VirtualTime.Zero;
        foreach (var act in _acts.From(from))
        {
            var at = new VirtualTime(act.AtPs);
            RunTo(at);
            if (engine.End is not null || at >= engine.StopAt)
            {
                break;
            }

            VariantActs.Repeat(engine, act);
        }

        RunTo(VirtualTime.Never);

        void RunTo(VirtualTime end)
        {
            if (cutter is null)
            {
                engine.Run(end);
            }
            else
            {
                cutter.Run(engine, from, end);
            }

            from = end;
        }
    }

    private RunCutter Cutter(CheckpointWriter writer)
    {
        var restored = _request.Restored;
        var settings = new OriginSettings(restored?.Overrides ?? _request.Checkpoints!.Overrides, _request.Smoke, _request.Invariants);
        var origin = new CheckpointOrigin(_variant, settings, restored?.Inputs ?? RunInputs.Collect(_variant), restored?.Run.RunFingerprint ?? RunFingerprint, _repeated);
        var schedule = new CheckpointSchedule(_request.Checkpoints!.Every, _request.Checkpoints.At);
        return new RunCutter(schedule, writer, origin, _request.Threads);
    }

    /// <summary>What a person did is known from a journal, or to the run that was cut.</summary>
    private void RepeatStop(Engine engine)
    {
        var stop = _acts.Stop;
        if (stop.IsNever)
        {
            return;
        }

        if (_request.Restored is { } restored && stop < restored.At)
        {
            throw new RunException(RunFailure.Input, $"the journal stops {_variant.Variant.Name} at {stop}, before {restored.At}, where checkpoint {restored.Id} was cut; restore an earlier one, or leave --journal out");
        }

        engine.StopBefore(stop);
        _interrupted = true;
    }

    /// <summary>Written down first: a stop that took effect can always be repeated.</summary>
    private bool StopRequested(VirtualTime at)
    {
        if (!_control.Interrupted || _interrupted)
        {
            return false;
        }

        _journal.Stop(_variant.Variant.Name, at);
        return _interrupted = true;
    }
}
