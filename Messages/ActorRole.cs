namespace Trapline.Messages;

/// <summary>
/// What an actor is in its machine. Part of its address, and so of the order in which actors are hashed: a number
/// here, once released, keeps its meaning.
/// </summary>
public enum ActorRole : byte
{
    None = 0,

    /// <summary>The VM half of the userspace/kernel boundary, on the board.</summary>
    Boundary = 1,

    /// <summary>The home of a group's pages of guest memory.</summary>
    Memory = 2,

    /// <summary>A virtual CPU: instructions, interrupt inputs, CPU-internal timer.</summary>
    Vcpu = 3,

    /// <summary>LoongArch: the IPI unit of one CPU.</summary>
    Ipi = 4,

    /// <summary>A logical process of a synthetic load.</summary>
    Process = 128,
}
