using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Common;
using Trapline.Messages;

namespace Trapline.Devices.Tests.Arm;

/// <summary>A world of a CPU's half of a GIC that hears nothing and costs nothing.</summary>
internal sealed class QuietCpuHost : IGicCpuHost
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

    public void Report(in DeviceReport report) => throw new InvalidOperationException("nobody listens");

    public void Release(int interruptId, uint sequence)
    {
    }

    public void Deactivate(in Deactivation deactivation)
    {
    }

    public void Ended(int interruptId)
    {
    }
}
