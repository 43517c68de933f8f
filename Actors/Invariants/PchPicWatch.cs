using Trapline.Devices.Common;
using Trapline.Messages;

namespace Trapline.Actors.Invariants;

/// <summary>The pins of PCH-PIC: what is acknowledged, ended or taken back was requested before.</summary>
internal sealed class PchPicWatch(GroupObserver observer, ActorAddress address) : ActorWatch(observer, address)
{
    private ulong _requested;
    private ulong _possible;

    public override void Reported(in DeviceReport report)
    {
        if (report.Kind is ReportKind.Refused or ReportKind.NestedAccess)
        {
            return;
        }

        var bit = 1UL << report.Line;
        if (report.Kind is ReportKind.Raised or ReportKind.Coalesced or ReportKind.Masked)
        {
            _requested |= bit;
            return;
        }

        if (((_requested | _possible) & bit) == 0)
        {
            Violated(Invariant.Pairing, $"pin {report.Line} is {report.Kind.ToString().ToLowerInvariant()}, but was not requested");
        }

        // An edge that was masked after it was sent stays requested though what was sent is taken back.
        if (report.Kind != ReportKind.Withdrawn)
        {
            _requested &= ~bit;
            _possible &= ~bit;
        }
    }

    public override void Forget() => (_requested, _possible) = (0, ulong.MaxValue);
}
