using Trapline.Devices.Common;
using Trapline.Messages;

namespace Trapline.Machines.Replay.LoongArch;

/// <summary>A device's world in a replay: its pins go on to what they are wired to, its nested accesses are noted.</summary>
internal sealed class ReplayHost(Action<int, bool> drive, Action<DeviceReport> nested) : IDeviceHost
{
    public bool Listening => true;

    public void DrivePin(int pin, bool level) => drive(pin, level);

    public void ArmTimer(int timer, VirtualTime due) => throw new InvalidOperationException("an interrupt controller has no timer");

    public void CancelTimer(int timer) => throw new InvalidOperationException("an interrupt controller has no timer");

    public void Report(in DeviceReport report)
    {
        if (report.Kind == ReportKind.NestedAccess)
        {
            nested(report);
        }
    }
}
