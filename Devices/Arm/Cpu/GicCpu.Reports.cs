using System.Numerics;
using Trapline.Devices.Common;

namespace Trapline.Devices.Arm.Cpu;

/// <content>
/// What it says happened: the line of a report is the INTID. Of SPIs and LPIs the board tells of what comes to it; this of what meets
/// one that is held.
/// </content>
public sealed partial class GicCpu
{
    /// <summary>Private interrupts were set pending, or their wire moved.</summary>
    /// <param name="before">What was pending.</param>
    /// <param name="raised">Those that an event has set.</param>
    private void ReportPrivate(uint before, uint raised)
    {
        if (!_host.Listening)
        {
            return;
        }

        ReportEach(ReportKind.Withdrawn, before & ~_private.Pending);
        ReportEach(ReportKind.Coalesced, raised & before);
        ReportEach(ReportKind.Raised, raised & ~before);
        ReportEach(ReportKind.Masked, raised & ~before & ~_private.EnabledOf(_distributorGroups & _interface.EnabledGroups));
    }

    private void ReportEach(ReportKind kind, uint interrupts)
    {
        for (; interrupts != 0 && _host.Listening; interrupts &= interrupts - 1)
        {
            _host.Report(new DeviceReport(kind, BitOperations.TrailingZeroCount(interrupts), 0));
        }
    }

    private void Report(ReportKind kind, int interruptId)
    {
        if (_host.Listening)
        {
            _host.Report(new DeviceReport(kind, interruptId, 0));
        }
    }
}
