namespace Trapline.Devices.Arm.Its;

/// <summary>A device as KVM has it in its list.</summary>
/// <param name="Id">DeviceID.</param>
/// <param name="Table">Of interrupt translation, guest physical; not looked at when it is mapped.</param>
/// <param name="EventBits">1 to 16.</param>
internal sealed record DeviceEntry(uint Id, ulong Table, int EventBits)
{
    /// <summary>The first event of its list, or <see cref="EventTable.None"/>.</summary>
    public int FirstEvent { get; set; } = EventTable.None;
}
