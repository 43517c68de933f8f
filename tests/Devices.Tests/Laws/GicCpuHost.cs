using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Common;
using Trapline.Messages;

namespace Trapline.Devices.Tests.Laws;

/// <summary>The world of a CPU's half of a GIC: what it says to the board is written down with the rest.</summary>
internal sealed class GicCpuHost(LawWorld world) : IGicCpuHost
{
    private readonly IDeviceHost _world = world;

    public bool Listening => _world.Listening;

    public void DrivePin(int pin, bool level) => _world.DrivePin(pin, level);

    public void ArmTimer(int timer, VirtualTime due) => _world.ArmTimer(timer, due);

    public void CancelTimer(int timer) => _world.CancelTimer(timer);

    public void Report(in DeviceReport report) => _world.Report(in report);

    public void Release(int interruptId, uint sequence) => world.Log.Add($"release {interruptId} #{sequence}");

    public void Deactivate(in Deactivation deactivation) => world.Log.Add(deactivation.ToString());

    public void Ended(int interruptId) => world.Log.Add($"ended {interruptId}");
}
