using Trapline.Actors.Invariants;
using Trapline.Actors.Kernel;
using Trapline.Messages.State;

namespace Trapline.Machines.Results;

/// <summary>
/// The last events of one node's groups that may belong to the interrupts with which something went wrong: those that carry
/// the origin of one, and those that happened to the actors that it was violated at.
/// </summary>
public sealed class NodeLives
{
    private const int MostEvents = 1 << 20;

    public List<LifeEvent> Events { get; } = [];

    public static NodeLives Of(Engine engine, IReadOnlyList<Violation> violations)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var origins = violations.Where(violation => !violation.Origin.IsNever).Select(violation => violation.Origin).ToHashSet();
        var actors = violations.SelectMany(violation => Life.ActorsAround(violation)).ToHashSet();
        var lives = new NodeLives();
        foreach (var group in engine.Groups.Where(group => group.Observer is not null))
        {
            lives.Events.AddRange(group.Observer!.Events().Where(life => origins.Contains(life.Origin) || (life.Origin.IsNever && actors.Contains(life.Actor))));
        }

        return lives;
    }

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.List("events", "event", Events, MostEvents, LifeEvent.Sync);
    }
}
