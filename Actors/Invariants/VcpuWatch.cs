using System.Numerics;
using Trapline.Actors.Vcpus;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch;
using Trapline.Messages;

namespace Trapline.Actors.Invariants;

/// <summary>
/// The lines of a vCPU, as messages drive them and as its own timer and software interrupts report: no handler without a
/// line that is high, no sleep while one is high and enabled.
/// </summary>
internal sealed class VcpuWatch(GroupObserver observer, VcpuActor vcpu) : CpuWatch(observer, vcpu.Address)
{
    private const uint Software = (1u << CpuLines.Swi0) | (1u << CpuLines.Swi1);

    /// <summary>Lines that only messages move: for them the messages count, not what the vCPU makes of them.</summary>
    private const uint Driven = ((1u << CpuLines.Count) - 1) & ~(Software | (1u << CpuLines.Timer) | (1u << CpuLines.Pmi));

    private uint _high;
    private uint _possible;

    public override void Received(in Message message)
    {
        if (message.Kind == MessageKind.LineChange)
        {
            Drive((int)message.Word0, (message.Word1 & 1) != 0);
        }
    }

    /// <summary>The line has the level that was driven, though the vCPU does not know.</summary>
    public override void Missed(in OpenCall call)
    {
        if (call.Kind == MessageKind.LineChange)
        {
            Drive(call.Line, call.Level);
        }
    }

    private void Drive(int line, bool level)
    {
        var bit = 1u << line;
        _high = level ? _high | bit : _high & ~bit;
        _possible &= ~bit;
        Observer.SettleLater(this);
    }

    public override void Reported(in DeviceReport report)
    {
        var bit = 1u << report.Line;
        switch (report.Kind)
        {
            case ReportKind.Delivered when ((_high | _possible) & bit) == 0:
                Violated(Invariant.RaiseInvented, $"the handler of {CpuLines.NameOf(report.Line)} is entered, but nothing drives that line");
                break;
            case ReportKind.Raised when (bit & Driven) == 0:
                _high |= bit;
                Observer.SettleLater(this);
                break;
            case ReportKind.Acknowledged when (bit & Driven) == 0:
                // A software interrupt that another vCPU raised once more may still be queued: only the vCPU knows.
                _high = (_high & ~bit) | (vcpu.Lines & bit & Software);
                _possible = (_possible & ~bit) | (bit & Software);
                break;
            default:
                break;
        }
    }

    /// <inheritdoc/>
    public override void Settle()
    {
        Unsettled = false;
        if (vcpu.Phase != VcpuPhase.Blocked)
        {
            return;
        }

        var waking = ((_high & Driven) | (vcpu.Lines & ~Driven)) & vcpu.EnabledLines;
        if (waking != 0)
        {
            var line = BitOperations.Log2(waking);
            Violated(Invariant.Asleep, $"it sleeps while its line {CpuLines.NameOf(line)} is high and enabled");
        }
    }

    public override void Forget() => (_high, _possible) = (vcpu.Lines, uint.MaxValue);
}
