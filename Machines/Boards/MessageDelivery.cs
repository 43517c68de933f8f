using System.Text.Json.Serialization;

namespace Trapline.Machines.Boards;

/// <summary>How the messages of the MSI device reach an interrupt controller.</summary>
public enum MessageDelivery
{
    /// <summary>As vhost and VFIO do it: the device is in the kernel and signals an eventfd for each queue.</summary>
    [JsonStringEnumMemberName("irqfd")]
    Irqfd,

    /// <summary>The device is in the VMM, which makes a system call for each message: KVM_SIGNAL_MSI.</summary>
    [JsonStringEnumMemberName("ioctl")]
    Ioctl,
}
