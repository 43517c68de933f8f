using Trapline.Actors.Faults;
using Trapline.Actors.Invariants;
using Trapline.Actors.Kernel;
using Trapline.Messages.State;

namespace Trapline.Machines.Results;

/// <summary>What one node knows of its invariants at the end of a run: what was violated, and what is still open.</summary>
public sealed class ObservedResult
{
    private const int MostMessages = 1 << 24;
    private const int MostRows = 1 << 20;

    private bool _observed;
    private long _sent;
    private long _arrived;

    /// <summary>Whether anybody watched.</summary>
    public bool Observed => _observed;

    /// <summary>Calls that carry interrupts, sent and arrived.</summary>
    public (long Sent, long Arrived) Interrupts => (_sent, _arrived);

    public List<Violation> Violations { get; } = [];

    /// <summary>Calls whose senders wait.</summary>
    public List<TransitRow> OpenCalls { get; } = [];

    /// <summary>What waits in the queues, timers too.</summary>
    public List<TransitRow> Waiting { get; } = [];

    /// <summary>Planned faults that have hit.</summary>
    public List<FiredFault> Fired { get; } = [];

    /// <summary>Registers on both sides of migrations.</summary>
    public List<Inspection> Inspections { get; } = [];

    public static ObservedResult Of(Engine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var result = new ObservedResult();
        foreach (var group in engine.Groups)
        {
            result.Fired.AddRange(group.FiredFaults);
            if (group.Observer is not { } observer)
            {
                continue;
            }

            result._observed = true;
            result._sent += observer.InterruptsSent;
            result._arrived += observer.InterruptsArrived;
            result.Violations.AddRange(observer.Violations);
            result.Inspections.AddRange(observer.Inspections);
            result.OpenCalls.AddRange(observer.OpenCalls().Select(call => new TransitRow(
                call.Kind, call.Source, call.Target, call.Sequence, call.At, call.Origin)));
            result.Waiting.AddRange(group.Queue.Waiting().Select(message => new TransitRow(
                message.Kind, message.Source, message.Target, message.Sequence, message.Due, default)));
        }

        return result;
    }

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("observed", ref _observed);
        sync.Row("interruptsSent", ref _sent);
        sync.Row("interruptsArrived", ref _arrived);
        var count = Violations.Count;
        sync.Count("violations", ref count, MostRows);
        for (var i = 0; i < count; i++)
        {
            var violation = Violation.Sync(sync, sync.Loading ? null : Violations[i]);
            if (sync.Loading)
            {
                Violations.Add(violation);
            }
        }

        count = Inspections.Count;
        sync.Count("inspections", ref count, MostRows);
        for (var i = 0; i < count; i++)
        {
            if (sync.Loading)
            {
                Inspections.Add(new Inspection());
            }

            Inspections[i].SyncState(sync);
        }

        sync.List("openCalls", "call", OpenCalls, MostRows, TransitRow.Sync);
        sync.List("waiting", "message", Waiting, MostMessages, TransitRow.Sync);
        sync.List("fired", "fault", Fired, MostRows, FiredFault.Sync);
    }
}
