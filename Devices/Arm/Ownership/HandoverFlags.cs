namespace Trapline.Devices.Arm.Ownership;

/// <summary>What a hand-over says of an interrupt; the numbers are part of the wire format.</summary>
[Flags]
public enum HandoverFlags : byte
{
    None = 0,

    /// <summary>The latch is to be set: an edge, a message, a pending bit. Without it a latch that the CPU holds stays as it is.</summary>
    SetLatch = 1,

    /// <summary>Level of the wire.</summary>
    Line = 2,

    /// <summary>Configured level-triggered: pending while the wire is high, too.</summary>
    LevelTriggered = 4,

    /// <summary>Acknowledged and not yet deactivated: comes back to the CPU that it was recalled from, or was restored.</summary>
    Active = 8,

    /// <summary>Signalled as IRQ and acknowledged by IAR1; otherwise FIQ and IAR0.</summary>
    Group1 = 16,

    /// <summary>
    /// Of an edge, a message or a rise of the wire that came while a CPU held the interrupt: that CPU knows, and reports, whether it met
    /// its like. Without it the board has reported.
    /// </summary>
    Event = 32,
}
