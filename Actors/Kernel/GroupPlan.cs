using Trapline.Messages;

namespace Trapline.Actors.Kernel;

/// <summary>A group before it exists: every node knows all plans and creates only its own groups.</summary>
/// <param name="Name">For people: <c>vcpu7</c>, <c>board</c>.</param>
/// <param name="PathClass">Index into the path table's classes.</param>
/// <param name="Addresses">Its actors, in the order in which <paramref name="Create"/> gives them.</param>
/// <param name="Create">Makes the actors; called at most once per node and run.</param>
public sealed record GroupPlan(string Name, int PathClass, IReadOnlyList<ActorAddress> Addresses, Func<IReadOnlyList<Actor>> Create);
