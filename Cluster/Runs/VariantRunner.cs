using System.Diagnostics;
using Trapline.Actors.Kernel;
using Trapline.Actors.Tracing;
using Trapline.Machines.Results;
using Trapline.Messages;

namespace Trapline.Cluster.Runs;

/// <summary>Runs one variant on this node.</summary>
internal sealed class VariantRunner
{
    private readonly RunRequest _request;
    private readonly RunControl _control;
    private readonly VariantPlan _variant;
    private readonly JournalWriter _journal;
    private readonly VirtualTime _repeatedStop;
    private bool _interrupted;

    public VariantRunner(RunRequest request, RunControl control, VariantPlan variant, JournalWriter journal, VirtualTime repeatedStop)
    {
        _request = request;
        _control = control;
        _variant = variant;
        _journal = journal;
        _repeatedStop = repeatedStop;
    }

    public VariantReport Run()
    {
        var watch = Stopwatch.StartNew();
        var trace = _request.Trace is null ? null : new TraceWriter(_request.Trace, _variant.Program);
        var plan = _variant.Build(trace);
        var limit = _variant.Length(_request.Smoke, plan.Window);
        using var engine = new Engine(plan, Placement.OneNode(plan.Groups.Count), 0, new EngineOptions { Threads = _request.Threads, Window = _request.Window })
        {
            StopRequested = StopRequested,
            WindowEnded = trace is null ? null : trace.Flush,
        };
        _control.Watch(_variant.Variant.Name, engine);
        engine.StopBefore(limit);
        RepeatStop(engine);
        engine.Start();
        engine.Run(VirtualTime.Never);
        _control.Watch(_variant.Variant.Name, null);
        var builder = new VariantReportBuilder(_variant.Variant, _variant.Program, [NodeResult.Of(engine, _variant.Program)]);
        return builder.Build(limit, _interrupted, watch.Elapsed.TotalSeconds);
    }

    private void RepeatStop(Engine engine)
    {
        if (!_repeatedStop.IsNever)
        {
            engine.StopBefore(_repeatedStop);
            _interrupted = true;
        }
    }

    /// <summary>Written down first: a stop that took effect can always be repeated.</summary>
    private bool StopRequested(VirtualTime at)
    {
        if (!_control.Interrupted)
        {
            return false;
        }

        _journal.Stop(_variant.Variant.Name, at);
        return _interrupted = true;
    }
}
