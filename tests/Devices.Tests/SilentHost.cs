using Trapline.Devices.Common;
using Trapline.Messages;

namespace Trapline.Devices.Tests;

/// <summary>A world in which nobody listens; a report made all the same is an error.</summary>
internal sealed class SilentHost : IDeviceHost
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

    public void Report(in DeviceReport report) => throw new InvalidOperationException($"{report} was made though nobody listens");
}
