using Trapline.Messages;

namespace Trapline.Actors.Tracing;

/// <summary>
/// The instructions and register accesses of one group in one window, kept until no group runs: their order in the
/// output must not depend on threads.
/// </summary>
public sealed class InstructionTrace
{
    private readonly List<Entry> _entries = [];

    public IReadOnlyList<Entry> Entries => _entries;

    public void Instruction(VirtualTime at, ActorAddress vcpu, ulong pc) => _entries.Add(new Entry(at, vcpu, pc, null));

    /// <summary>Something that is no instruction: an interrupt taken, an exit, its end.</summary>
    public void Event(VirtualTime at, ActorAddress vcpu, ulong pc, string text) => _entries.Add(new Entry(at, vcpu, pc, text));

    public void Clear() => _entries.Clear();

    /// <summary>One line of the trace.</summary>
    /// <param name="At">When it started.</param>
    /// <param name="Vcpu">Who.</param>
    /// <param name="Pc">Address of the instruction.</param>
    /// <param name="Text">What happened, or null for the instruction at <paramref name="Pc"/>.</param>
    public readonly record struct Entry(VirtualTime At, ActorAddress Vcpu, ulong Pc, string? Text);
}
