using Trapline.Actors.Boundary;
using Trapline.Actors.Devices;
using Trapline.Devices.Arm;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Messages;

namespace Trapline.Actors.Arm;

/// <summary>An eventfd whose route leads to the GIC: a message to an ITS, with its sender's id, or a pin to an SPI.</summary>
/// <remarks>KVM tries an ITS's cache of translations in the writer's own context, and has a kernel thread do what it does not find there; both cost the writer here.</remarks>
public sealed class ArmEventfd(int machine, int number) : EventfdActor(machine, number, RoutingRules.Arm, poller: default)
{
    private const ulong ToPin = 1;
    private const ulong ToIts = 2;

    protected override void DrivePin(int pin, bool level) => AddOutput(new DeviceOutput((ulong)pin, level, ToPin));

    protected override int SignalMessage(in KvmMessage message)
    {
        AddOutput(new DeviceOutput(message.Data, true, ToIts));
        return Errno.Success;
    }

    /// <summary>While the output is on its way the route stays: what changes it waits.</summary>
    protected override bool SendOutput(in DeviceOutput output, ulong levelAndSource, ulong origin)
    {
        if (output.Address == ToPin)
        {
            Send(OnBoard(ActorRole.Gic), MessageKind.PinInput, output.Number + InterruptIds.FirstSpi, levelAndSource, origin);
            return true;
        }

        var words = IoctlMessage.ToDoorbell(Destination.Message, levelAndSource);
        Send(OnBoard(ActorRole.Gic), MessageKind.MessageSignal, words.Word0, words.Word1, origin, words.Word3);
        return true;
    }

    protected override bool CanHave(in DeviceOutput output) => output.Address switch
    {
        ToPin => output.Number < (ulong)RoutingRules.Arm.Pins,
        ToIts => output.Number <= uint.MaxValue,
        _ => false,
    };
}
