using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Common;
using Trapline.Messages;

namespace Trapline.Actors.Invariants;

/// <summary>
/// SPIs and LPIs on the board of a GIC: each is with one CPU interface at a time, and what can be delivered when it is raised is handed over
/// before the operation ends.
/// </summary>
/// <param name="observer">Of the group.</param>
/// <param name="address">The GIC.</param>
/// <param name="lpisHaveOneOwner">An LPI too; else it may be pending, and so be with, several CPUs.</param>
internal sealed class GicWatch(GroupObserver observer, ActorAddress address, bool lpisHaveOneOwner) : ActorWatch(observer, address)
{
    private const int BlockLength = 32;

    // By INTID: the vCPU that has it, and the number of its last hand-over.
    private readonly Dictionary<int, (int Vcpu, uint Sequence)> _holders = [];
    private readonly SortedSet<int> _owed = [];

    // Of the recall at hand.
    private ulong _recalled;

    public override void Sent(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.InterruptHand:
                HandedOver(Handover.Unpack(message.Word0), message.Target.Index);
                break;
            case MessageKind.InterruptRecall:
                _recalled = message.Word0;
                break;
            case MessageKind.AccessAnswer or MessageKind.InputAnswer or MessageKind.DeviceAttributeAnswer when _owed.Count > 0:
                Violated(Invariant.RaiseLost, $"INTID {_owed.Min} was raised and can be delivered, but no CPU interface gets it", other: message.Target);
                _owed.Clear();
                break;
            default:
                break;
        }
    }

    public override void Received(in Message message)
    {
        if (message.Kind == MessageKind.InterruptRelease)
        {
            LetGo((ushort)message.Word0, message.Source.Index, (uint)(message.Word0 >> BlockLength));
        }
        else if (message.Kind == MessageKind.InterruptRecalled)
        {
            var first = (int)(uint)_recalled;
            for (var bit = 0; bit < BlockLength; bit++)
            {
                if ((_recalled >> (BlockLength + bit) & 1) != 0 && _holders.TryGetValue(first + bit, out var holder) && holder.Vcpu == message.Source.Index)
                {
                    _ = _holders.Remove(first + bit);
                }
            }
        }
    }

    public override void Reported(in DeviceReport report)
    {
        if (report.Kind == ReportKind.Raised)
        {
            _ = _owed.Add(report.Line);
        }
        else if (report.Kind == ReportKind.Withdrawn)
        {
            _ = _owed.Remove(report.Line);
        }
    }

    public override void Forget()
    {
        _holders.Clear();
        _owed.Clear();
    }

    private void HandedOver(in Handover handover, int vcpu)
    {
        var interruptId = handover.InterruptId;
        if ((lpisHaveOneOwner || !InterruptIds.IsLpi(interruptId)) && _holders.TryGetValue(interruptId, out var holder) && holder.Vcpu != vcpu)
        {
            Violated(
                Invariant.OneOwner, $"INTID {interruptId} is handed to vcpu{vcpu} while vcpu{holder.Vcpu} has it", other: new ActorAddress(Address.Machine, ActorRole.Vcpu, vcpu));
        }

        _holders[interruptId] = (vcpu, handover.Sequence);
        _ = _owed.Remove(interruptId);
    }

    /// <summary>A newer hand-over may be on its way: then the CPU has it again.</summary>
    private void LetGo(int interruptId, int vcpu, uint sequence)
    {
        if (_holders.TryGetValue(interruptId, out var holder) && holder == (vcpu, sequence))
        {
            _ = _holders.Remove(interruptId);
        }
    }
}
