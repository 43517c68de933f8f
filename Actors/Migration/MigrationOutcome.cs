namespace Trapline.Actors.Migration;

/// <summary>How a migration has ended.</summary>
public enum MigrationOutcome : byte
{
    /// <summary>It is going on, or the run ended before it did.</summary>
    Open,

    /// <summary>The VM runs at the destination.</summary>
    Completed,

    /// <summary>A person, or the limit of rounds, has cancelled it; the VM runs at the source.</summary>
    Cancelled,

    /// <summary>The destination has refused a part of the state; the VM runs at the source.</summary>
    Refused,

    /// <summary>Something failed; the VM runs where <c>MigrationResult</c> says.</summary>
    Failed,
}
