namespace Trapline.Actors.Migration;

/// <summary>An actor that keeps what became of migrations whose source it was.</summary>
public interface IMigrationHistory
{
    /// <summary>In the order in which they began.</summary>
    IReadOnlyList<MigrationResult> Migrations { get; }

    /// <summary>Registers before and after, of those of <see cref="Migrations"/> of which somebody compared them.</summary>
    IReadOnlyList<MigrationAudit> Audits { get; }
}
