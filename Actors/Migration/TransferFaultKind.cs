namespace Trapline.Actors.Migration;

/// <summary>What is done wrong with a group of state on its way.</summary>
public enum TransferFaultKind : byte
{
    /// <summary>It is left out; the destination keeps what fresh devices have. Of a control step: it is skipped.</summary>
    Omit,

    /// <summary>It is taken when the migration begins, and not again when the guest has stopped.</summary>
    Stale,

    /// <summary>One byte of one value arrives altered.</summary>
    Alter,

    /// <summary>It is set before all other groups.</summary>
    First,

    /// <summary>It is set after all other groups.</summary>
    Last,
}
