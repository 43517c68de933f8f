namespace Trapline.Actors.Invariants;

/// <summary>What must hold of every interrupt of every machine, at any time.</summary>
public enum Invariant : byte
{
    /// <summary>A raise arrives where it is sent, and a controller in which something was raised drives its output.</summary>
    RaiseLost,

    /// <summary>A handler is entered, and an interrupt acknowledged, only for what was raised.</summary>
    RaiseInvented,

    /// <summary>One raise arrives once, and is raised and acknowledged once.</summary>
    RaiseRepeated,

    /// <summary>No vCPU sleeps while one of its lines is high and enabled.</summary>
    Asleep,

    /// <summary>What a controller ends, it had begun.</summary>
    Pairing,

    /// <summary>What one source sends to one target arrives in the order in which it was sent.</summary>
    Order,

    /// <summary>A call is answered by the one who was called, after it got there; nobody waits while nothing is on its way to answer.</summary>
    Call,

    /// <summary>An interrupt is pending at one CPU at a time.</summary>
    OneOwner,

    /// <summary>Over the whole run, what carried interrupts and was sent, arrived or is on its way.</summary>
    Accounting,

    /// <summary>What a VM had before it migrated it has afterwards.</summary>
    Migration,
}
