using Trapline.Messages;

namespace Trapline.Devices.Common;

/// <summary>
/// The one interface through which a device acts on the world. What it calls here happens at the time of the access,
/// pin or timer that the device is being told of.
/// </summary>
public interface IDeviceHost
{
    /// <summary>False where nobody would read a report: the device then need not make one.</summary>
    bool Listening { get; }

    /// <summary>Drives an output pin. Equal levels are driven too: some inputs react to being driven, not to a change.</summary>
    void DrivePin(int pin, bool level);

    /// <summary>Sets a timer of the device; a timer that was set is replaced.</summary>
    void ArmTimer(int timer, VirtualTime due);

    void CancelTimer(int timer);

    void Report(in DeviceReport report);
}
