using Trapline.Devices.Common.Kvm;

namespace Trapline.Actors.Devices;

/// <summary>Where the messages of a device become interrupts.</summary>
/// <param name="Doorbell">Address; a message to any other is a write to memory that interrupts nobody.</param>
/// <param name="DeviceId">What the bus says of the sender, on ARM its PCI requester id; null where nobody asks.</param>
public readonly record struct MessageTarget(ulong Doorbell, uint? DeviceId = null)
{
    private const int SlotShift = 3;
    private const int BusShift = 8;

    /// <summary>A doorbell that asks for the sender: bus, slot and function of a PCI device.</summary>
    public static MessageTarget OfPci(ulong doorbell, int bus, int slot, int function = 0) =>
        new(doorbell, ((uint)bus << BusShift) | ((uint)slot << SlotShift) | (uint)function);

    /// <summary>A message to it.</summary>
    public KvmMessage MessageOf(uint data) => DeviceId is { } sender ? new(data, Doorbell, sender, KvmMessage.ValidDeviceId) : new(data);
}
