using Trapline.Actors.Kernel;
using Trapline.Devices.Common;
using Trapline.Messages;

namespace Trapline.Actors.Invariants;

/// <summary>The vectors of one IPI unit: acknowledged only what was raised, and the line driven before the sender goes on.</summary>
internal sealed class IpiWatch(GroupObserver observer, ActorAddress address) : ActorWatch(observer, address)
{
    private uint _raised;
    private uint _possible;
    private bool _undriven;

    public override void Sent(in Message message)
    {
        if (message.Kind == MessageKind.LineChange)
        {
            _undriven &= (message.Word1 & 1) == 0;
        }
        else if (_undriven && MessageForms.IsAnswer(message.Kind))
        {
            _undriven = false;
            Violated(Invariant.RaiseLost, $"a vector was raised, and {message.Target} goes on, but the line of the CPU was not driven", other: message.Target);
        }
    }

    public override void Reported(in DeviceReport report)
    {
        var vectors = (uint)report.Detail;
        switch (report.Kind)
        {
            case ReportKind.Raised:
                _undriven = true;
                _raised |= vectors;
                break;
            case ReportKind.Masked:
                _raised |= vectors;
                break;
            case ReportKind.Coalesced:
                if ((_raised | _possible) == 0)
                {
                    Violated(Invariant.RaiseLost, $"vectors 0x{vectors:x} are said to be served with others, but nothing is pending");
                }

                _raised |= vectors;
                break;
            case ReportKind.Acknowledged:
                if ((vectors & ~(_raised | _possible)) != 0)
                {
                    Violated(Invariant.RaiseInvented, $"vectors 0x{vectors & ~_raised:x} are acknowledged, but were not raised since they were acknowledged last");
                }

                _raised &= ~vectors;
                _possible &= ~vectors;
                break;
            default:
                break;
        }
    }

    public override void Forget() => (_raised, _possible, _undriven) = (0, uint.MaxValue, false);
}
