using Trapline.Devices.Common;
using Trapline.Messages;

namespace Trapline.Bench.Micro;

/// <summary>A world in which nobody listens and nothing is wired: what is measured is the device alone.</summary>
internal sealed class QuietHost : IDeviceHost
{
    public bool Listening => false;

    public void DrivePin(int pin, bool level)
    {
    }

    public void ArmTimer(int timer, VirtualTime due)
    {
    }

    public void CancelTimer(int timer)
    {
    }

    public void Report(in DeviceReport report)
    {
    }
}
