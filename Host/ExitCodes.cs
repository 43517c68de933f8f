namespace Trapline.Host;

/// <summary>How a command ended, for scripts.</summary>
internal static class ExitCodes
{
    /// <summary>Done and as expected.</summary>
    public const int Done = 0;

    /// <summary>It ran, but an expectation, an assertion, an invariant or a rule of the simulation failed.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage or input.</summary>
    public const int Usage = 2;

    /// <summary>The machine failed: a disk, a port, a peer.</summary>
    public const int Environment = 3;

    /// <summary>Stopped by a person; what was done is kept. 128 + SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}
