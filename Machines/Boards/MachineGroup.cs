using Trapline.Messages;

namespace Trapline.Machines.Boards;

/// <summary>Machines that are alike and ring one another's doorbells.</summary>
/// <param name="Count">1 to <see cref="ActorAddress.MachineLimit"/>.</param>
/// <param name="LinkLatency">From a doorbell device to the one of another machine; positive.</param>
public sealed record MachineGroup(int Count, VirtualTime LinkLatency);
