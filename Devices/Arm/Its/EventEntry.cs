namespace Trapline.Devices.Arm.Its;

/// <summary>An entry of an interrupt translation table as KVM has it, in the lists of its device and of its collection.</summary>
/// <param name="Key">Device and event: <see cref="EventTable.KeyOf"/>.</param>
/// <param name="Interrupt">INTID of the LPI.</param>
/// <param name="Collection">Or null where MAPC V=0 took it.</param>
/// <param name="CachedIn">The generation of the translation cache that it is in; older ones have been emptied.</param>
internal record struct EventEntry(uint Key, int Interrupt, CollectionEntry? Collection, ulong CachedIn)
{
    /// <summary>Neighbours in the list of the device, then of the collection.</summary>
    public int NextOfDevice { get; set; }

    public int PreviousOfDevice { get; set; }

    public int NextOfCollection { get; set; }

    public int PreviousOfCollection { get; set; }

    public readonly uint DeviceId => Key >> EventTable.EventBits;

    public readonly uint EventId => Key & EventTable.EventMask;
}
