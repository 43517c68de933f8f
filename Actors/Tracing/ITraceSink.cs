using Trapline.Messages;

namespace Trapline.Actors.Tracing;

/// <summary>
/// Writes what happened in a format of its own. A run's machines come one after the other; between <see cref="Begin"/> and
/// <see cref="End"/> are the entries of one, in an order that neither threads nor windows decide.
/// </summary>
public interface ITraceSink
{
    /// <summary>Whether it wants <see cref="TraceKind.Instruction"/> and <see cref="TraceKind.ControlRegister"/>: most of all entries.</summary>
    bool WantsInstructions { get; }

    /// <summary>A machine starts at virtual time 0.</summary>
    void Begin(TraceMachine machine);

    void Write(in TraceEntry entry);

    /// <summary>The machine has ended.</summary>
    /// <param name="at">When; no entry is later.</param>
    void End(VirtualTime at);

    /// <summary>The run has ended: the output must be whole. What the sink writes to stays open.</summary>
    void Finish();
}
