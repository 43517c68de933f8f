namespace Trapline.Actors.Kernel;

/// <summary>
/// What a run may use. Each limit names the knob of the scenario (<c>limits:</c>) that raises it; whoever reaches one is
/// told so.
/// </summary>
public sealed record SimulationLimits
{
    public const int DefaultActors = 100_000;
    public const int DefaultMessages = 4_000_000;
    public const long DefaultMemoryBytes = 1L << 30;
    public const int DefaultMessagesAtOneInstant = 100_000;

    /// <summary><c>limits.actors</c>: actors of one variant.</summary>
    public int Actors { get; init; } = DefaultActors;

    /// <summary><c>limits.messages</c>: messages and armed timers that wait in all queues of a node.</summary>
    public int Messages { get; init; } = DefaultMessages;

    /// <summary><c>limits.memory</c>: bytes of guest memory that were touched, on a node.</summary>
    public long MemoryBytes { get; init; } = DefaultMemoryBytes;

    /// <summary><c>limits.instant</c>: zero-delay messages of one group at one instant; more are a cycle.</summary>
    public int MessagesAtOneInstant { get; init; } = DefaultMessagesAtOneInstant;
}
