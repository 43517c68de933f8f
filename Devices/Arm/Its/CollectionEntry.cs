namespace Trapline.Devices.Arm.Its;

/// <summary>A collection as KVM has it in its list.</summary>
/// <param name="Id">ICID.</param>
/// <param name="Created">Orders collections by their creation, which is how they are saved.</param>
internal sealed record CollectionEntry(uint Id, long Created)
{
    /// <summary>The target of one that an event refers to but no MAPC has mapped.</summary>
    public const uint NotMapped = uint.MaxValue;

    /// <summary>The id of a vCPU.</summary>
    public uint Target { get; set; } = NotMapped;

    /// <summary>How many refer to it.</summary>
    public int Events { get; set; }

    public bool IsMapped => Target != NotMapped;
}
