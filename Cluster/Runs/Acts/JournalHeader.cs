namespace Trapline.Cluster.Runs.Acts;

/// <summary>First line of a journal.</summary>
/// <param name="Journal">Version of the format.</param>
/// <param name="Scenario">Name, for people.</param>
/// <param name="Seed">Of the run.</param>
/// <param name="Fingerprint">See <see cref="RunFingerprint"/>.</param>
internal sealed record JournalHeader(int Journal, string Scenario, ulong Seed, string Fingerprint)
{
    public const int CurrentVersion = 1;
}
