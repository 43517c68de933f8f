using System.Runtime.InteropServices;
using Trapline.Messages;

namespace Trapline.Actors.Tracing;

/// <summary>
/// Merges what the groups of one machine have noted and gives it to the sinks in the order of time, then group, then
/// noting: the same for every number of threads and every window length. At one time a group's own order is that of
/// cause and effect; between groups nothing takes no time, so any fixed order will do.
/// </summary>
public sealed class TraceWriter
{
    private readonly IReadOnlyList<ITraceSink> _sinks;
    private readonly bool _instructions;
    private readonly List<TraceLog> _logs = [];
    private readonly List<TraceEntry> _merged = [];

    // Picoseconds and place in _merged, which is group after group: sorted, they are the order of the output.
    private readonly List<(long At, int Place)> _order = [];
    private VirtualTime _last;

    public TraceWriter(IReadOnlyList<ITraceSink> sinks, TraceMachine machine)
    {
        ArgumentNullException.ThrowIfNull(sinks);
        _sinks = sinks;
        _instructions = sinks.Any(sink => sink.WantsInstructions);
        foreach (var sink in sinks)
        {
            sink.Begin(machine);
        }
    }

    /// <summary>The log of the next group, in the plan's order.</summary>
    public TraceLog AddGroup()
    {
        var log = new TraceLog(_instructions);
        _logs.Add(log);
        return log;
    }

    /// <summary>
    /// To be called when no group runs: after each window. Whatever a later window notes is later, so that the windows'
    /// outputs, one after the other, are in order.
    /// </summary>
    public void Flush()
    {
        foreach (var log in _logs)
        {
            if (log.Entries.Length > 0)
            {
                _merged.AddRange(log.Entries);
                log.Clear();
            }
        }

        if (_merged.Count == 0)
        {
            return;
        }

        foreach (ref readonly var entry in CollectionsMarshal.AsSpan(_merged))
        {
            _order.Add((entry.At.Picoseconds, _order.Count));
        }

        _order.Sort();
        foreach (var (_, place) in _order)
        {
            Write(in CollectionsMarshal.AsSpan(_merged)[place]);
        }

        _merged.Clear();
        _order.Clear();
    }

    /// <summary>The machine has ended.</summary>
    /// <param name="at">When; Never for "when nothing was left to do".</param>
    public void End(VirtualTime at)
    {
        Flush();
        foreach (var sink in _sinks)
        {
            sink.End(at.IsNever ? _last : VirtualTime.Max(at, _last));
        }
    }

    private void Write(in TraceEntry entry)
    {
        _last = entry.At;
        foreach (var sink in _sinks)
        {
            if (sink.WantsInstructions || entry.Kind is not (TraceKind.Instruction or TraceKind.ControlRegister))
            {
                sink.Write(in entry);
            }
        }
    }
}
