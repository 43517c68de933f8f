namespace Trapline.Cluster.Runs;

/// <summary>One thing that a person did.</summary>
/// <param name="Variant">In which variant.</param>
/// <param name="AtPs">When, virtual picoseconds: everything due earlier was handled, nothing else.</param>
/// <param name="Act">What.</param>
internal sealed record JournalEntry(string Variant, long AtPs, string Act)
{
    public const string StopAct = "stop";
}
