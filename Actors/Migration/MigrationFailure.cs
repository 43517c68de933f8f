namespace Trapline.Actors.Migration;

/// <summary>A failure that is planned: who, and at the beginning of which step.</summary>
public readonly record struct MigrationFailure(MigrationSide Side, MigrationStep Step);
