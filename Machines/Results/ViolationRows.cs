using Trapline.Actors.Faults;
using Trapline.Actors.Invariants;
using Trapline.Messages;

namespace Trapline.Machines.Results;

/// <summary>Violations and faults as a report has them.</summary>
public sealed class ViolationRows
{
    private readonly IReadOnlyList<FaultPlan> _plans;
    private readonly IReadOnlyList<FiredFault> _fired;
    private readonly IReadOnlyList<LifeEvent> _events;

    /// <param name="plans">The faults that were planned.</param>
    /// <param name="nodes">What the nodes found.</param>
    /// <param name="lives">Their last events; needed only where something was violated.</param>
    public ViolationRows(IReadOnlyList<FaultPlan> plans, IReadOnlyList<ObservedResult> nodes, IReadOnlyList<NodeLives> lives)
    {
        _plans = plans;
        _fired = [.. nodes.SelectMany(node => node.Fired).OrderBy(fault => fault.At).ThenBy(fault => fault.Source).ThenBy(fault => fault.Target).ThenBy(fault => fault.Plan)];
        _events = [.. lives.SelectMany(node => node.Events)];
    }

    public IReadOnlyList<FaultRow> Faults() => [.. _fired.Take(FaultRows).Select(fault => new FaultRow(TextOf(fault), Nanoseconds(fault.At)))];

    public IReadOnlyList<ViolationRow> Of(IReadOnlyList<Violation> violations) => [.. violations.Select(Row)];

    private const int FaultRows = 1000;

    private ViolationRow Row(Violation violation)
    {
        var life = Life.Of(violation, _events);
        var actors = life.Select(step => step.Actor).Concat(Life.ActorsAround(violation)).ToHashSet();
        bool Touches(FiredFault fault) => actors.Contains(fault.Source) || actors.Contains(fault.Target);
        var before = _fired.Where(fault => fault.At <= violation.At).ToList();
        var touching = before.Where(Touches).ToList();
        var behind = touching.Count > 0 ? touching[^1] : before.Count > 0 ? before[^1] : Later(violation, Touches);
        var start = life.Count > 0 ? life[0].At : violation.At;
        return new ViolationRow(
            InvariantNames.NameOf(violation.Invariant),
            Nanoseconds(violation.At),
            violation.Actor == ActorAddress.None ? "run" : violation.Actor.ToString(),
            violation.Text,
            Steps(violation, life, touching.Where(fault => fault.At >= start)),
            behind is { } fault ? TextOf(fault) : null);
    }

    /// <summary>Who waits for an answer began to wait before the answer was lost.</summary>
    private FiredFault? Later(Violation violation, Func<FiredFault, bool> touches) =>
        violation.Invariant == Invariant.Call ? _fired.Where(touches).Select(fault => (FiredFault?)fault).FirstOrDefault() : null;

    private List<LifeRow> Steps(Violation violation, IReadOnlyList<LifeEvent> life, IEnumerable<FiredFault> faults)
    {
        var steps = new List<(VirtualTime At, LifeRow Row)>();
        for (var i = 0; i < life.Count; i++)
        {
            var step = life[i];
            if (step.Origin == violation.Origin && steps.Count == 0 && LifeText.Beginning(in step) is { } beginning)
            {
                steps.Add((step.Origin, new LifeRow(Nanoseconds(step.Origin), beginning.Actor.ToString(), beginning.What)));
            }

            steps.Add((step.At, new LifeRow(Nanoseconds(step.At), step.Actor.ToString(), LifeText.Of(in step))));
        }

        // A fault comes after what led to it and before what it led to.
        foreach (var fault in faults)
        {
            var place = steps.FindIndex(step => step.At > fault.At || (step.At == fault.At && IsEffect(step.Row)));
            steps.Insert(place < 0 ? steps.Count : place, (fault.At, new LifeRow(Nanoseconds(fault.At), fault.Source.ToString(), $"fault: {TextOf(fault)}")));
        }

        return [.. steps.Select(step => step.Row)];
    }

    private static bool IsEffect(LifeRow row) => row.What.EndsWith("vanished", StringComparison.Ordinal);

    private string TextOf(FiredFault fault) => _plans[fault.Plan].Text(fault.Source, fault.Target);

    private static decimal Nanoseconds(VirtualTime time) => (decimal)time.Picoseconds / VirtualTime.PerNanosecond;
}
