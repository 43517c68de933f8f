using Trapline.Actors.Devices;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Messages;

namespace Trapline.Actors.LoongArch;

/// <summary>An eventfd whose route leads to EIOINTC, of a message, or to PCH-PIC, of a pin.</summary>
public sealed class LoongArchEventfd(int machine, int number, ActorAddress poller) : EventfdActor(machine, number, RoutingRules.LoongArch, poller)
{
    private const int VectorCount = 256;

    protected override void DrivePin(int pin, bool level) => AddOutput(new DeviceOutput((ulong)pin, level, (ulong)ActorRole.PchPic));

    protected override int SignalMessage(in KvmMessage message)
    {
        if (message.Data >= VectorCount)
        {
            return Errno.InvalidArgument;
        }

        AddOutput(new DeviceOutput(message.Data, true, (ulong)ActorRole.Eiointc));
        return Errno.Success;
    }

    protected override bool SendOutput(in DeviceOutput output, ulong levelAndSource, ulong origin)
    {
        Send(OnBoard((ActorRole)output.Address), MessageKind.PinInput, output.Number, levelAndSource, origin);
        return true;
    }

    protected override bool CanHave(in DeviceOutput output) => (ActorRole)output.Address switch
    {
        ActorRole.PchPic => output.Number < (ulong)RoutingRules.LoongArch.Pins,
        ActorRole.Eiointc => output.Number < VectorCount,
        _ => false,
    };
}
