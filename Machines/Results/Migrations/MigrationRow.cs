using System.Text.Json.Serialization;

namespace Trapline.Machines.Results.Migrations;

/// <summary>A migration of the VM from one host to the other. Times are virtual nanoseconds.</summary>
public sealed record MigrationRow
{
    /// <summary>From 1, in the order in which they began.</summary>
    public required int Number { get; init; }

    /// <summary><c>completed</c>, <c>cancelled</c>, <c>refused</c>, <c>failed</c>; <c>open</c> if the run ended before it did.</summary>
    public required string Outcome { get; init; }

    /// <summary>Number of the host that the VM was to leave.</summary>
    public required int From { get; init; }

    /// <summary>Number of the host that it was to go to.</summary>
    public required int To { get; init; }

    /// <summary>Number of the host that runs the VM afterwards.</summary>
    public required int RunsAt { get; init; }

    /// <summary>When it was due, or a person asked for it.</summary>
    public required decimal AskedNs { get; init; }

    /// <summary>Later than <see cref="AskedNs"/> where another one was going on.</summary>
    public required decimal BeganNs { get; init; }

    /// <summary>Null for one that is open.</summary>
    public required decimal? EndedNs { get; init; }

    /// <summary>From its beginning to its end.</summary>
    public required decimal? TotalNs { get; init; }

    /// <summary>From the beginning of <c>stop</c> until vCPUs run again, wherever; null where the guest was not stopped, or does not run again.</summary>
    public required decimal? DowntimeNs { get; init; }

    /// <summary>When vCPUs ran again; null likewise.</summary>
    public required decimal? ResumedNs { get; init; }

    /// <summary>The step that was the last.</summary>
    public required string EndedIn { get; init; }

    /// <summary><c>source</c>, <c>destination</c> or <c>link</c>; null where nobody failed.</summary>
    public required string? FailedSide { get; init; }

    /// <summary>What an ioctl answered and at which group of state, <c>EINVAL at eiointc-registers</c>; null where none failed.</summary>
    public required string? Error { get; init; }

    /// <summary>Those that began, in their order.</summary>
    public required IReadOnlyList<MigrationStepRow> Steps { get; init; }

    /// <summary>Of copying pages; the last one is made while the guest is stopped.</summary>
    public required IReadOnlyList<MigrationRoundRow> Rounds { get; init; }

    /// <summary>All that went over the link: pages of all rounds with their headers, and state.</summary>
    public required long Bytes { get; init; }

    /// <summary>State without pages, on the link.</summary>
    public required long StateBytes { get; init; }

    /// <summary>Values read out through the boundary.</summary>
    public required int StateItems { get; init; }

    /// <summary>What was pending when the guest had stopped; null where no state was read out.</summary>
    public required PendingRow? Pending { get; init; }

    /// <summary>What was done wrong with the state on its way, as <c>omit eiointc-core-isr</c>.</summary>
    public required IReadOnlyList<string> Tamper { get; init; }

    /// <summary>Registers that were compared; <see cref="Registers"/> has at most <see cref="MigrationRows.MostRegisters"/> of them.</summary>
    public required int RegistersCompared { get; init; }

    /// <summary>Of those the ones that differ.</summary>
    public required int RegistersChanged { get; init; }

    /// <summary>Those that differ first, then others, each in the order of the devices.</summary>
    public required IReadOnlyList<RegisterChange> Registers { get; init; }

    /// <summary>Its end, or of one that is open the last thing that is known of it.</summary>
    [JsonIgnore]
    public decimal LastNs => EndedNs ?? Steps.Select(step => step.EndNs ?? step.BeginNs)
        .Concat(Rounds.Select(round => round.EndNs ?? round.StartNs))
        .Append(ResumedNs ?? BeganNs)
        .Max();
}
