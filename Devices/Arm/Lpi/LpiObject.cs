namespace Trapline.Devices.Arm.Lpi;

/// <summary>One LPI as KVM has it: an object of the whole VM, shared by all that is mapped to its INTID.</summary>
/// <param name="Exists">Otherwise all else is meaningless.</param>
/// <param name="References">From entries of interrupt translation tables. A CPU interface that has it keeps it alive too.</param>
/// <param name="Target">Index of the vCPU, or <see cref="LpiStore.Nobody"/>.</param>
/// <param name="Property">As it was read last: bit 0 enables, bits 7:2 are the priority.</param>
/// <param name="IsLatched">Pending; false while a CPU interface has it, with the latch.</param>
/// <param name="IsReturned">It came back within the operation under way: alive until that is over.</param>
internal record struct LpiObject(bool Exists, int References, int Target, byte Property, bool IsLatched, bool IsReturned)
{
    public readonly bool IsEnabled => (Property & LpiTables.PropertyEnabled) != 0;
}
