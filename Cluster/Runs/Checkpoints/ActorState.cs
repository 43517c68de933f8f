using Trapline.Messages;

namespace Trapline.Cluster.Runs.Checkpoints;

/// <summary>What a checkpoint says of one actor, or of a group beside its actors: clock, counts, and the messages on their way to it.</summary>
/// <param name="Name">The actor's address, <c>vcpu3</c>; of a group <c>group/vcpu3</c>, which is also the name of the part.</param>
/// <param name="Group">The group's name.</param>
/// <param name="Now">The last time at which something happened in the group.</param>
/// <param name="Waiting">Messages and timers that wait for it; of a group for all of its actors.</param>
/// <param name="Rows">Names without that of the actor, in the order of the state table.</param>
public sealed record ActorState(string Name, string Group, VirtualTime Now, int Waiting, IReadOnlyList<KeyValuePair<string, ulong>> Rows);
