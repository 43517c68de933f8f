namespace Trapline.Actors.Migration;

/// <summary>An actor that keeps what became of migrations whose source it was.</summary>
public interface IMigrationHistory
{
    /// <summary>In the order in which they began.</summary>
    IReadOnlyList<MigrationResult> Migrations { get; }
}
