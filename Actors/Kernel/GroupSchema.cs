namespace Trapline.Actors.Kernel;

/// <summary>
/// Which rows <see cref="Group.SyncState"/> passes over, and in which order. Saved groups have this version; one of another
/// version is refused, for a row that is read into the place of another goes unnoticed.
/// </summary>
public static class GroupSchema
{
    /// <summary>One more for each change of rows, their types or their order in any actor; tests/Machines.Tests/State/schemas.txt keeps them.</summary>
    public const int Version = 1;
}
