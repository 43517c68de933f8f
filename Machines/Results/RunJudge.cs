using Trapline.Actors.Invariants;
using Trapline.Actors.Kernel;
using Trapline.Messages;

namespace Trapline.Machines.Results;

/// <summary>
/// The invariants of a whole run, from what all its nodes saw: what the groups found by themselves, and what can be told
/// only at the end and from all groups together. The same on every node.
/// </summary>
public sealed class RunJudge
{
    private readonly IReadOnlyList<ObservedResult> _nodes;
    private readonly Dictionary<ActorAddress, TransitRow[]> _openBySender;
    private readonly HashSet<(ActorAddress Source, ulong Sequence)> _onTheirWay;
    private readonly HashSet<(ActorAddress Source, ActorAddress Target, MessageKind Kind)> _answers;
    private readonly HashSet<ActorAddress> _busy;

    public RunJudge(IReadOnlyList<ObservedResult> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        _nodes = nodes;
        _openBySender = nodes.SelectMany(node => node.OpenCalls).GroupBy(call => call.Source).ToDictionary(calls => calls.Key, calls => calls.ToArray());
        var waiting = nodes.SelectMany(node => node.Waiting).ToArray();
        _onTheirWay = [.. waiting.Select(message => (message.Source, message.Sequence))];
        _answers = [.. waiting.Where(message => MessageForms.IsAnswer(message.Kind)).Select(message => (message.Source, message.Target, message.Kind))];
        _busy = [.. waiting.Select(message => message.Target)];
    }

    /// <summary>The first, in the order of time; of one time cause before effect.</summary>
    public IReadOnlyList<Violation> Violations()
    {
        if (!_nodes.Any(node => node.Observed))
        {
            return [];
        }

        var found = _nodes.SelectMany(node => node.Violations).Concat(Unanswered()).ToList();
        if (found.Count == 0 && Unaccounted() is { } unaccounted)
        {
            found.Add(unaccounted);
        }

        return [.. found.OrderBy(violation => violation.At).ThenBy(violation => violation.Invariant).ThenBy(violation => violation.Actor).Take(GroupObserver.MostKept)];
    }

    /// <summary>Of those who wait for one another in a chain, the last one; in a circle, all.</summary>
    private IEnumerable<Violation> Unanswered()
    {
        var calls = _openBySender.Values.SelectMany(calls => calls).Where(call => !IsComing(call, [])).ToArray();
        var waiting = calls.Select(call => call.Source).ToHashSet();
        var last = calls.Where(call => !waiting.Contains(call.Target)).ToArray();
        return (last.Length > 0 ? last : calls).Select(call => new Violation(
            call.At, Invariant.Call, call.Source, call.Target, call.Origin,
            $"it waits for {call.Target} to answer its {call.Kind}, but nothing is on its way that could bring the answer"));
    }

    /// <summary>Whether something is under way that will answer this call: it, its answer, or what its target waits for.</summary>
    private bool IsComing(TransitRow call, HashSet<ActorAddress> asked)
    {
        if (_onTheirWay.Contains((call.Source, call.Sequence)) || _answers.Contains((call.Target, call.Source, MessageForms.AnswerTo(call.Kind))))
        {
            return true;
        }

        // Who comes to itself waits in a circle.
        if (!asked.Add(call.Target))
        {
            return false;
        }

        return (!AnswersAtOnce(call.Target) && _busy.Contains(call.Target))
            || (_openBySender.TryGetValue(call.Target, out var others) && others.Any(other => IsComing(other, asked)));
    }

    /// <summary>Those that keep no call until later: what else is due for them brings no answer.</summary>
    private static bool AnswersAtOnce(ActorAddress actor) => actor.Role is ActorRole.Vcpu or ActorRole.Memory;

    private Violation? Unaccounted()
    {
        var sent = _nodes.Sum(node => node.Interrupts.Sent);
        var arrived = _nodes.Sum(node => node.Interrupts.Arrived);
        var waiting = _nodes.Sum(node => node.Waiting.Count(message => MessageForms.CarriesInterrupt(message.Kind)));
        return sent == arrived + waiting
            ? null
            : new Violation(
                VirtualTime.Zero, Invariant.Accounting, default, default, VirtualTime.Never,
                $"{sent} calls that carry interrupts were sent, {arrived} arrived and {waiting} are on their way: {sent - arrived - waiting} are missing");
    }
}
