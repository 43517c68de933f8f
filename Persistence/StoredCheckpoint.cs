namespace Trapline.Persistence;

/// <summary>What a store says of a checkpoint without reading its parts.</summary>
/// <param name="Id">Names it in every store: 16 hexadecimal digits of the SHA-256 over header and parts.</param>
/// <param name="Header">What it is of.</param>
/// <param name="Parts">In their order.</param>
/// <param name="SavedAt">By the clock of the store.</param>
/// <param name="StoredBytes">What it takes in the store.</param>
public sealed record StoredCheckpoint(string Id, CheckpointHeader Header, IReadOnlyList<StoredPart> Parts, DateTimeOffset SavedAt, long StoredBytes);
