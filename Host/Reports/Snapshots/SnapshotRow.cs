using Trapline.Messages;
using Trapline.Persistence;

namespace Trapline.Host.Reports.Snapshots;

/// <summary>A checkpoint of a store, as <c>snapshot list --json</c> has it.</summary>
internal sealed record SnapshotRow
{
    /// <summary>16 hexadecimal digits.</summary>
    public required string Id { get; init; }

    public required string Scenario { get; init; }

    public required string Variant { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Virtual time of the cut.</summary>
    public required decimal AtNs { get; init; }

    public required string Fingerprint { get; init; }

    public required string Digest { get; init; }

    /// <summary>Version of the program that wrote it.</summary>
    public required string Program { get; init; }

    /// <summary>How many there are.</summary>
    public required int Parts { get; init; }

    /// <summary>Of the parts.</summary>
    public required long Bytes { get; init; }

    /// <summary>Of the parts, compressed; what other checkpoints share is counted in each.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>By the clock of the store, UTC.</summary>
    public required DateTimeOffset SavedAt { get; init; }

    public static SnapshotRow Of(StoredCheckpoint stored)
    {
        var header = stored.Header;
        return new()
        {
            Id = stored.Id,
            Scenario = header.Scenario,
            Variant = header.Variant,
            Seed = header.Seed,
            AtNs = (decimal)header.At.Picoseconds / VirtualTime.PerNanosecond,
            Fingerprint = header.Fingerprint,
            Digest = header.Digest,
            Program = header.Program,
            Parts = stored.Parts.Count,
            Bytes = stored.Parts.Sum(part => part.Bytes),
            StoredBytes = stored.StoredBytes,
            SavedAt = stored.SavedAt,
        };
    }
}
