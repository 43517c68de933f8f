namespace Trapline.Devices.Arm.Its;

/// <summary>"Can this ID be stored in its table?", as KVM asks before it takes one (spec gicv3-its 6.6). Valid is not looked at.</summary>
internal sealed class KvmIdCheck(IGuestMemory memory, ItsRegisters registers)
{
    private const uint LargestId = 0xFFFF;

    /// <param name="deviceId">Any.</param>
    /// <param name="address">Of its entry.</param>
    public bool TryDevice(uint deviceId, out ulong address) => Try(ItsTable.Of(registers.Devices), deviceId, out address);

    public bool TryCollection(uint collectionId) => Try(ItsTable.Of(registers.Collections), collectionId, out _);

    /// <param name="device">Whose event.</param>
    /// <param name="eventId">Any.</param>
    public bool TryEvent(DeviceEntry device, uint eventId) => eventId <= LargestId && eventId < 1UL << device.EventBits && memory.IsRam(AddressOf(device, eventId));

    public static ulong AddressOf(DeviceEntry device, uint eventId) => device.Table + ((ulong)eventId * ItsTable.EntryBytes);

    private bool Try(in ItsTable table, uint id, out ulong address)
    {
        address = 0;
        var index = table.IsIndirect ? id / (uint)table.EntriesPerPage : id;
        if (id > LargestId || index >= (uint)table.FirstLevelEntries)
        {
            return false;
        }

        address = table.Base + ((ulong)index * ItsTable.EntryBytes);
        if (table.IsIndirect)
        {
            if (!memory.TryRead(address, ItsTable.EntryBytes, out var entry) || (entry & ItsTable.ValidBit) == 0)
            {
                return false;
            }

            address = table.PageOf(entry) + ((ulong)(id % (uint)table.EntriesPerPage) * ItsTable.EntryBytes);
        }

        return memory.IsRam(address);
    }
}
