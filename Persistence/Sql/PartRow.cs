namespace Trapline.Persistence.Sql;

/// <summary>A row of the table <c>part</c> with its <c>blob</c>.</summary>
internal sealed class PartRow
{
    public long Checkpoint { get; init; }

    public string Name { get; init; } = "";

    public int SchemaVersion { get; init; }

    public long Blob { get; init; }

    public byte[] Sha256 { get; init; } = [];

    public long Bytes { get; init; }

    public long StoredBytes { get; init; }

    public StoredPart Part() => new(Name, SchemaVersion, Bytes, Convert.ToHexStringLower(Sha256));
}
