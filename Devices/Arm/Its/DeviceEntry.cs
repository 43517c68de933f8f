namespace Trapline.Devices.Arm.Its;

/// <summary>A device as KVM has it in its list.</summary>
/// <param name="Id">DeviceID.</param>
/// <param name="Table">Of interrupt translation, guest physical; not looked at when it is mapped.</param>
/// <param name="EventBits">1 to 16.</param>
internal sealed record DeviceEntry(uint Id, ulong Table, int EventBits)
{
    /// <summary>How many it has.</summary>
    public int Events { get; set; }

    /// <summary>The first of its pages in the <see cref="EventTable"/>, or <see cref="EventTable.None"/>.</summary>
    public int FirstPage { get; set; } = EventTable.None;
}
