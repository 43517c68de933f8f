using System.Diagnostics;
using Trapline.Actors.Kernel;
using Trapline.Actors.Tracing;
using Trapline.Cluster.Runs.Acts;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Machines.Results;
using Trapline.Messages;

namespace Trapline.Cluster.Runs;

/// <summary>Runs one variant in this process alone.</summary>
internal sealed class VariantRunner
{
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

    public VariantReport Run()
    {
        var watch = Stopwatch.StartNew();
        var plan = _variant.Build();
        var limit = _variant.Length(_request.Smoke, plan.Window);
        CheckWindow(plan);
        var trace = Trace(plan);
        using var engine = new Engine(plan, Placement.OneNode(plan.Groups.Count), node: 0, new EngineOptions { Threads = _request.Threads, Window = _request.Window, Trace = trace, Invariants = _request.Invariants && _variant.IsVirtual });
        var end = VirtualTime.Never;
        try
        {
            var report = Run(engine, limit, watch);
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

    private VariantReport Run(Engine engine, VirtualTime limit, Stopwatch watch)
    {
        _control.Watch(_variant.Variant.Name, engine);
        engine.StopBefore(limit);
        RepeatStop(engine);
        Begin(engine);
        engine.StopRequested = at =>
        {
            _acts.ServeRequests(engine, at);
            return StopRequested(at);
        };
        RunWindows(engine);
        _control.Watch(_variant.Variant.Name, null);
        var outcome = new VariantOutcome(_variant) { Limit = limit, Interrupted = _interrupted, Wall = watch.Elapsed };
        outcome.Results.Add(NodeResult.Of(engine, _variant.Program));
        var violations = VariantOutcome.Violations(outcome.Results);
        if (violations.Count > 0)
        {
            outcome.Lives.Add(NodeLives.Of(engine, violations));
        }

        return outcome.Report(engine.Plan.Faults);
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

    private void RunWindows(Engine engine)
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
