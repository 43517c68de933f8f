using Trapline.Devices.Common.Kvm;
using Trapline.Messages;

namespace Trapline.Actors.Boundary;

/// <summary>
/// How the arguments of an ioctl lie in its message: Word1 to Word3, in the order of the names at each method; what a user
/// pointer leads to is a value and the number of bytes that can be read or written there.
/// </summary>
public static class IoctlMessage
{
    private const int DeviceShift = 16;
    private const int NumberShift = 24;
    private const int UpperShift = 32;

    /// <summary>Word0.</summary>
    /// <param name="ioctl">The call.</param>
    /// <param name="upper">Group of an attribute, flags of KVM_IRQFD.</param>
    /// <param name="device">Whose file, where it is a device's.</param>
    public static ulong Head(KvmIoctl ioctl, uint upper = 0, DeviceFile device = default) =>
        (ushort)ioctl | ((ulong)(byte)device.Type << DeviceShift) | ((ulong)(byte)device.Number << NumberShift) | ((ulong)upper << UpperShift);

    public static KvmIoctl Ioctl(in Message message) => (KvmIoctl)(ushort)message.Word0;

    public static DeviceFile Device(in Message message) => new((KvmDeviceType)(byte)(message.Word0 >> DeviceShift), (byte)(message.Word0 >> NumberShift));

    public static uint Upper(in Message message) => (uint)(message.Word0 >> UpperShift);

    /// <summary>Word1 of KVM_SIGNAL_MSI.</summary>
    public static ulong MessageWord(uint data, uint flags) => data | ((ulong)flags << UpperShift);

    /// <summary>Words 0 and 1 of an entry that precedes KVM_SET_GSI_ROUTING; Word2 is its flags.</summary>
    public static (ulong Word0, ulong Word1) Entry(in GsiRoute route) =>
        (route.Gsi | ((ulong)(uint)route.Kind << UpperShift), route.Chip | ((ulong)route.PinOrData << UpperShift));

    public static GsiRoute Entry(in Message message) => new(
        (uint)message.Word0, (GsiRouteKind)(uint)(message.Word0 >> UpperShift), (uint)message.Word1, (uint)(message.Word1 >> UpperShift), (uint)message.Word2);
}
