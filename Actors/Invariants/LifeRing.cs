using System.Numerics;

namespace Trapline.Actors.Invariants;

/// <summary>The last events of one group, from which the life of an interrupt is told when something went wrong with it.</summary>
internal sealed class LifeRing
{
    /// <summary>Events kept for each actor of the group: those of some five interrupts. A group's actors share its ring.</summary>
    public const int PerActor = 16;

    private readonly LifeEvent[] _events;
    private long _added;

    public LifeRing(int actors) => _events = new LifeEvent[BitOperations.RoundUpToPowerOf2((uint)(actors * PerActor))];

    public void Add(in LifeEvent added) => _events[_added++ & (_events.Length - 1)] = added;

    /// <summary>In the order in which they happened.</summary>
    public IEnumerable<LifeEvent> Events()
    {
        for (var i = Math.Max(0, _added - _events.Length); i < _added; i++)
        {
            yield return _events[i & (_events.Length - 1)];
        }
    }
}
