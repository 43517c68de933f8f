using Trapline.Actors.Guests;
using Trapline.Messages;

namespace Trapline.Actors.Tracing;

/// <summary>What a sink is told of a machine before its first entry.</summary>
/// <param name="Name">Of the variant.</param>
/// <param name="Program">What its vCPUs execute.</param>
/// <param name="Actors">All its actors, group after group.</param>
public sealed record TraceMachine(string Name, GuestProgram Program, IReadOnlyList<ActorAddress> Actors);
