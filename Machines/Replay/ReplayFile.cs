namespace Trapline.Machines.Replay;

/// <summary>What the replay of one recording found.</summary>
public sealed record ReplayFile
{
    /// <summary>As it was named.</summary>
    public required string File { get; init; }

    /// <summary>Profile that the devices had; empty where the file could not be read.</summary>
    public string Profile { get; init; } = "";

    /// <summary>Profile of the machine that was recorded, where the head names one that is known.</summary>
    public string RecordedProfile { get; init; } = "";

    public int Cpus { get; init; }

    /// <summary>The recorder was stopped before the machine was.</summary>
    public bool Cut { get; init; }

    /// <summary>Lines that are events.</summary>
    public long Events { get; init; }

    /// <summary>Events that went into the devices, or are levels of the CPUs' own timers.</summary>
    public long Inputs { get; init; }

    /// <summary>Events that were held against what the devices did.</summary>
    public long Compared { get; init; }

    /// <summary>Of these, register reads, where a replay counts them.</summary>
    public long? Reads { get; init; }

    /// <summary>Of these, interrupts acknowledged, where a replay counts them.</summary>
    public long? Acknowledges { get; init; }

    /// <summary>Of these, levels of the CPUs' inputs, where a replay counts them.</summary>
    public long? Levels { get; init; }

    /// <summary>Events that are neither.</summary>
    public long Skipped { get; init; }

    /// <summary>Which they are, and why.</summary>
    public IReadOnlyList<SkippedEvents> SkippedEvents { get; init; } = [];

    public long Mismatches { get; init; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<ReplayMismatch> FirstMismatches { get; init; } = [];

    /// <summary>Where another profile than the recorded one was asked for: what each of their differences does alone.</summary>
    public ProfileExplanation? Explanation { get; init; }

    /// <summary>What is wrong with the file; null if it could be read to its end. The figures are those of what was replayed until then.</summary>
    public string? Error { get; init; }
}
