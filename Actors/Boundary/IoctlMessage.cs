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

    /// <summary>Word1 of KVM_SIGNAL_MSI where a message is its data.</summary>
    public static ulong MessageWord(uint data, uint flags) => data | ((ulong)flags << UpperShift);

    /// <summary>
    /// KVM_SIGNAL_MSI where a message has an address: Word0 has 16 of its flags in bits 31:16 and the DeviceID in 63:32, Word1 the data
    /// and the source, Word2 the origin, Word3 the address.
    /// </summary>
    /// <param name="message">What is sent. Flags above 16 bits are as unknown as the highest of these.</param>
    /// <param name="levelAndSource">As Word1 of <see cref="MessageKind.LineChange"/>.</param>
    public static (ulong Word0, ulong Word1, ulong Word3) Signal(in KvmMessage message, ulong levelAndSource) =>
        ((ushort)KvmIoctl.SignalMsi | ((ulong)Math.Min(message.Flags, ushort.MaxValue) << DeviceShift) | ((ulong)message.DeviceId << UpperShift),
         message.Data | (levelAndSource << UpperShift), message.Address);

    /// <summary>What <see cref="Signal"/> has packed.</summary>
    public static KvmMessage Signalled(in Message call) => new((uint)call.Word1, call.Word3, (uint)(call.Word0 >> UpperShift), (ushort)(call.Word0 >> DeviceShift));

    /// <inheritdoc cref="Signalled"/>
    public static (ulong LevelAndSource, ulong Origin) SignalCause(in Message call) => (call.Word1 >> UpperShift, call.Word2);

    /// <summary>A <see cref="MessageKind.MessageSignal"/> with a sender's id; Word2 is the origin.</summary>
    public static (ulong Word0, ulong Word1, ulong Word3) ToDoorbell(in KvmMessage message, ulong levelAndSource) =>
        (message.Data | ((ulong)message.DeviceId << UpperShift), levelAndSource | ((ulong)message.Flags << UpperShift), message.Address);

    /// <summary>An entry that precedes KVM_SET_GSI_ROUTING.</summary>
    public static (ulong Word0, ulong Word1, ulong Word2, ulong Word3) Entry(in GsiRoute route) =>
        (route.Gsi | ((ulong)(uint)route.Kind << UpperShift), route.Chip | ((ulong)route.PinOrData << UpperShift),
         route.Flags | ((ulong)route.DeviceId << UpperShift), route.Address);

    public static GsiRoute Entry(in Message message) => new(
        (uint)message.Word0, (GsiRouteKind)(uint)(message.Word0 >> UpperShift), (uint)message.Word1, (uint)(message.Word1 >> UpperShift),
        (uint)message.Word2, message.Word3, (uint)(message.Word2 >> UpperShift));
}
