using Trapline.Actors.Invariants;
using Trapline.Messages;

namespace Trapline.Machines.Results;

/// <summary>Finds, among the last events of all nodes, those of the interrupt of one violation.</summary>
internal static class Life
{
    /// <summary>Of an interrupt whose origin is unknown: how many of the last events of its actors are told.</summary>
    private const int EventsWithoutOrigin = 16;

    /// <summary>Rows of one life; one that is longer has lost its beginning.</summary>
    private const int MostRows = 48;

    /// <summary>Whom a violation is about: both ends of the path, and of a CPU its unit too.</summary>
    public static IEnumerable<ActorAddress> ActorsAround(Violation violation) =>
        new[] { violation.Actor, violation.Other }.SelectMany(actor => actor.Role is ActorRole.Vcpu or ActorRole.Ipi
            ? [new ActorAddress(actor.Machine, ActorRole.Vcpu, actor.Index), new ActorAddress(actor.Machine, ActorRole.Ipi, actor.Index)]
            : (ActorAddress[])[actor]).Distinct();

    /// <param name="violation">The violation.</param>
    /// <param name="events">Of all nodes.</param>
    public static IReadOnlyList<LifeEvent> Of(Violation violation, IEnumerable<LifeEvent> events)
    {
        // Nothing that happened after the violation belongs to it. Equal times: in the order of addresses, then as noted.
        var before = events.Where(life => life.At <= violation.At).OrderBy(life => life.At).ToList();
        var around = ActorsAround(violation).ToHashSet();
        if (violation.Origin.IsNever)
        {
            return [.. before.Where(life => around.Contains(life.Actor)).TakeLast(EventsWithoutOrigin)];
        }

        var connected = Connected(violation, before, around);
        return [.. before.Where(life => life.Origin == violation.Origin
            ? connected.Contains(life.Actor)
            : life.Origin.IsNever && life.At >= violation.Origin && around.Contains(life.Actor)).TakeLast(MostRows)];
    }

    /// <summary>The actors that the interrupt passed: two raises may begin at the same instant, but not on the same way.</summary>
    private static HashSet<ActorAddress> Connected(Violation violation, List<LifeEvent> events, HashSet<ActorAddress> around)
    {
        var links = events.Where(life => life.Origin == violation.Origin && life.Other != ActorAddress.None).ToList();
        var connected = new HashSet<ActorAddress>(around);
        for (var grew = true; grew;)
        {
            grew = false;
            foreach (var link in links.Where(link => connected.Contains(link.Actor) != connected.Contains(link.Other)))
            {
                grew |= connected.Add(link.Actor) | connected.Add(link.Other);
            }
        }

        return connected;
    }
}
