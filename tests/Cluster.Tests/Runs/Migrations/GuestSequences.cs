using Trapline.Actors.Guests;
using Trapline.Actors.Tracing;
using Trapline.Messages;

namespace Trapline.Cluster.Tests.Runs.Migrations;

/// <summary>
/// What each vCPU did, as far as it says so: its marks with their values and its counts, in their order, whatever host it ran on. When
/// a handler interrupts the program, and which of several lines it serves first, is a matter of time: so the program has a
/// sequence of its own, and each name that handlers say.
/// </summary>
internal sealed class GuestSequences : ITraceSink
{
    private readonly SortedDictionary<(int Vcpu, string Handled), List<string>> _sequences = [];
    private readonly Dictionary<int, int> _depth = [];
    private GuestProgram? _program;

    public bool WantsInstructions => true;

    public void Begin(TraceMachine machine) => _program = machine.Program;

    public void Write(in TraceEntry entry)
    {
        if (entry.Actor.Role != ActorRole.Vcpu)
        {
            return;
        }

        var vcpu = entry.Actor.Index;
        switch (entry.Kind)
        {
            case TraceKind.Interrupt:
                _depth[vcpu] = _depth.GetValueOrDefault(vcpu) + 1;
                break;
            case TraceKind.Return:
                _depth[vcpu] = Math.Max(0, _depth.GetValueOrDefault(vcpu) - 1);
                break;
            case TraceKind.Mark:
                Add(vcpu, $"mark {_program!.Marks[entry.Number]}", $" {entry.Word1}");
                break;
            case TraceKind.Instruction when CounterAt(entry.Word0) is { } counter:
                Add(vcpu, $"count {counter}", "");
                break;
            default:
                break;
        }
    }

    public void End(VirtualTime at)
    {
        // The sequences are as they are.
    }

    public void Finish()
    {
        // Nothing is held back.
    }

    /// <summary>The first difference from another run, as a sentence; null where there is none.</summary>
    /// <param name="other">What another run of the same guest did.</param>
    /// <param name="counts">Whether what is said with this name (<c>mark round</c>) is compared.</param>
    public string? DifferenceFrom(GuestSequences other, Func<string, bool> counts)
    {
        foreach (var (place, _) in _sequences.Concat(other._sequences))
        {
            var (mine, others) = (Of(place, counts), other.Of(place, counts));
            var equal = mine.Zip(others).TakeWhile(pair => pair.First == pair.Second).Count();
            if (equal < Math.Max(mine.Count, others.Count))
            {
                var where = place.Handled.Length == 0 ? "its program" : $"'{place.Handled}' of its handlers";
                return $"vcpu{place.Vcpu}, {where}: entry {equal} of {mine.Count} is '{At(mine, equal)}', undisturbed it is '{At(others, equal)}' of {others.Count}";
            }
        }

        return null;
    }

    private static string At(List<string> sequence, int index) => index < sequence.Count ? sequence[index] : "the end";

    private List<string> Of((int Vcpu, string Handled) place, Func<string, bool> counts) =>
        _sequences.TryGetValue(place, out var all) ? [.. all.Where(entry => counts(string.Join(' ', entry.Split(' ').Take(2))))] : [];

    private void Add(int vcpu, string name, string value)
    {
        var place = (vcpu, _depth.GetValueOrDefault(vcpu) > 0 ? name : "");
        if (!_sequences.TryGetValue(place, out var sequence))
        {
            _sequences[place] = sequence = [];
        }

        sequence.Add(name + value);
    }

    private string? CounterAt(ulong pc)
    {
        var instruction = _program!.Instructions[(pc - _program.Layout.TextBase) / GuestProgram.InstructionBytes];
        return instruction.Opcode == Opcode.Count ? _program.Counters[instruction.Text] : null;
    }
}
