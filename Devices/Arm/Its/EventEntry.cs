namespace Trapline.Devices.Arm.Its;

/// <summary>
/// What a message needs to know of an event, and no more: four bytes, so that those of 65,536 events stay in the second-level cache of the
/// host's CPU. All else is in <see cref="EventTable"/>, beside it.
/// </summary>
internal struct EventEntry
{
    /// <summary>INTID of the LPI; 0 where there is no event.</summary>
    public ushort Interrupt { get; set; }

    /// <summary>The generation of the translation cache that it is in; older ones have been emptied, 0 never was one.</summary>
    public ushort CachedIn { get; set; }

    public readonly bool Exists => Interrupt != 0;
}
