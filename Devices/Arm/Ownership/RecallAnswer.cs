namespace Trapline.Devices.Arm.Ownership;

/// <summary>What came back: bits as in <see cref="Recall.Mask"/>.</summary>
/// <param name="Held">The CPU had it. A bit that is clear was let go before: its release is on the way, or has come.</param>
/// <param name="Latched">Its latch is set.</param>
/// <param name="Active">It is acknowledged and not deactivated.</param>
public readonly record struct RecallAnswer(uint Held, uint Latched, uint Active);
