namespace Trapline.Devices.Arm.Its;

/// <summary>Entries in guest memory as KVM saves them, ABI revision 0: 8 bytes each (spec gicv3-its 9.6).</summary>
internal static class KvmTableFormat
{
    private const int AddressShift = 8;
    private const int DeviceAddressShift = 5;
    private const int DeviceNextShift = 49;
    private const ulong DeviceNextMask = 0x3FFF;
    private const ulong DeviceAddressMask = (1UL << 44) - 1;
    private const ulong BitsMask = 0x1F;
    private const int EventNextShift = 48;
    private const ulong EventNextMask = 0xFFFF;
    private const int InterruptShift = 16;
    private const int TargetShift = 16;

    /// <param name="device">What is saved.</param>
    /// <param name="distance">To the next saved device, 0 where there is none; the field is capped.</param>
    public static ulong OfDevice(DeviceEntry device, uint distance) =>
        ItsTable.ValidBit
        | (Math.Min(distance, DeviceNextMask) << DeviceNextShift)
        | (((device.Table >> AddressShift) & DeviceAddressMask) << DeviceAddressShift)
        | ((ulong)(device.EventBits - 1) & BitsMask);

    public static uint NextDevice(ulong entry) => (uint)((entry >> DeviceNextShift) & DeviceNextMask);

    public static ulong TableOf(ulong entry) => ((entry >> DeviceAddressShift) & DeviceAddressMask) << AddressShift;

    public static int EventBitsOf(ulong entry) => (int)(entry & BitsMask) + 1;

    public static ulong OfEvent(int interrupt, uint collection, uint distance) =>
        (Math.Min(distance, EventNextMask) << EventNextShift) | ((ulong)interrupt << InterruptShift) | collection;

    public static uint NextEvent(ulong entry) => (uint)(entry >> EventNextShift);

    /// <summary>0: there is no event.</summary>
    public static uint InterruptOf(ulong entry) => (uint)(entry >> InterruptShift);

    public static uint CollectionOf(ulong entry) => (ushort)entry;

    public static ulong OfCollection(CollectionEntry collection) => ItsTable.ValidBit | ((ulong)collection.Target << TargetShift) | collection.Id;

    public static uint TargetOf(ulong entry) => (uint)(entry >> TargetShift);
}
