using Trapline.Actors.Boundary;
using Trapline.Devices.Common.Kvm;
using Trapline.Messages;

namespace Trapline.Actors.Devices;

/// <content>What devices of user space send into the kernel.</content>
public abstract partial class DeviceActor
{
    /// <summary>KVM_SIGNAL_MSI; one without a sender's id is its data alone.</summary>
    protected void SendSignal(ActorAddress boundary, KvmMessage message, ulong levelAndSource, ulong origin)
    {
        if (message.Flags == 0)
        {
            Send(boundary, MessageKind.Ioctl, IoctlMessage.Head(KvmIoctl.SignalMsi), IoctlMessage.MessageWord(message.Data, 0), levelAndSource, origin);
            return;
        }

        var words = IoctlMessage.Signal(in message, levelAndSource);
        Send(boundary, MessageKind.Ioctl, words.Word0, words.Word1, origin, words.Word3);
    }
}
