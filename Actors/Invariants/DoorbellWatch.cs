using Trapline.Devices.Common;
using Trapline.Devices.Common.Sources;
using Trapline.Messages;

namespace Trapline.Actors.Invariants;

/// <summary>The vectors of a doorbell device: a message leaves, or waits behind its mask, only for a ring that came.</summary>
internal sealed class DoorbellWatch(GroupObserver observer, ActorAddress address) : ActorWatch(observer, address)
{
    private ulong _rung;
    private ulong _masked;

    public override void Received(in Message message)
    {
        if (message.Kind == MessageKind.DoorbellRing && message.Word0 < DoorbellDevice.MaximumVectors)
        {
            _rung |= 1UL << (int)message.Word0;
        }
    }

    public override void Reported(in DeviceReport report)
    {
        var bit = 1UL << report.Line;
        switch (report.Kind)
        {
            case ReportKind.Raised or ReportKind.Masked or ReportKind.Coalesced when ((_rung | _masked) & bit) == 0:
                Violated(Invariant.RaiseInvented, $"vector {report.Line} is {report.Kind.ToString().ToLowerInvariant()}, but nobody has rung it");
                break;
            case ReportKind.Raised:
                (_rung, _masked) = (_rung & ~bit, _masked & ~bit);
                break;
            case ReportKind.Masked:
                (_rung, _masked) = (_rung & ~bit, _masked | bit);
                break;
            default:
                break;
        }
    }

    public override void Forget() => (_rung, _masked) = (ulong.MaxValue, ulong.MaxValue);
}
