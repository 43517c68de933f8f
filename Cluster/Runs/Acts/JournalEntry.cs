namespace Trapline.Cluster.Runs.Acts;

/// <summary>One thing that a person did.</summary>
/// <param name="Variant">In which variant.</param>
/// <param name="AtPs">When, virtual picoseconds: everything due earlier was handled, nothing else.</param>
/// <param name="Act">What.</param>
public sealed record JournalEntry(string Variant, long AtPs, string Act)
{
    public const string StopAct = "stop";
    public const string MigrateAct = "migrate";
    public const string CancelMigrationAct = "cancel-migration";

    /// <summary>Acts that become a message to an actor; a stop is none.</summary>
    public static bool IsMessage(string act) => act is MigrateAct or CancelMigrationAct;
}
