using Trapline.Messages;

namespace Trapline.Actors.Kernel;

/// <summary>A group before it exists: every node knows all plans and creates only its own groups.</summary>
/// <param name="Name">For people: <c>vcpu7</c>, <c>board</c>.</param>
/// <param name="PathClass">Index into the path table's classes.</param>
/// <param name="Addresses">Its actors, in the order in which <paramref name="Create"/> gives them.</param>
/// <param name="Create">Makes the actors; called at most once per node and run.</param>
public sealed record GroupPlan(string Name, int PathClass, IReadOnlyList<ActorAddress> Addresses, Func<IReadOnlyList<Actor>> Create)
{
    /// <summary>The modelled host on which it is, from 0: a machine of its own is on a host of its own. What lies on one host is near one another.</summary>
    public int Host { get; init; }
}
