using System.Globalization;

namespace Trapline.Persistence.Sql;

/// <summary>A row of the table <c>checkpoint</c>.</summary>
internal sealed class CheckpointRow
{
    public const string Columns = "number, id, scenario, variant, seed, at_ps AS atps, fingerprint, digest, program, saved_at_ms AS savedatms";

    public long Number { get; init; }

    public string Id { get; init; } = "";

    public string Scenario { get; init; } = "";

    public string Variant { get; init; } = "";

    public string Seed { get; init; } = "";

    public long AtPs { get; init; }

    public string Fingerprint { get; init; } = "";

    public string Digest { get; init; } = "";

    public string Program { get; init; } = "";

    public long SavedAtMs { get; init; }

    public CheckpointHeader Header() => new()
    {
        Scenario = Scenario,
        Variant = Variant,
        Seed = ulong.Parse(Seed, NumberStyles.None, CultureInfo.InvariantCulture),
        At = new(AtPs),
        Fingerprint = Fingerprint,
        Digest = Digest,
        Program = Program,
    };
}
