using Trapline.Messages;

namespace Trapline.Actors.Kernel;

/// <summary>
/// An actor with steps of its own between messages: a vCPU. Its continuations are no messages; the group lets it run
/// ahead to the next thing that could concern it.
/// </summary>
public interface IRunner
{
    /// <summary>Start of the next step; Never while it waits for a message.</summary>
    VirtualTime NextStep { get; }

    ActorAddress Address { get; }

    /// <summary>
    /// Takes the step at <see cref="NextStep"/>, and further ones that start before <paramref name="limit"/>. Returns
    /// at once after a step that sent a message without delay.
    /// </summary>
    void Run(VirtualTime limit);
}
