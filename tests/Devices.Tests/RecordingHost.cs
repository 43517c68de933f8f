using Trapline.Devices.Common;
using Trapline.Messages;

namespace Trapline.Devices.Tests;

/// <summary>A device's world that writes down all it is told and can be read like a log.</summary>
internal sealed class RecordingHost : IDeviceHost
{
    private const int Pins = 256 * 8;
    private readonly bool[] _levels = new bool[Pins];

    public bool Listening { get; set; } = true;

    /// <summary>Called at each drive, before it is logged.</summary>
    public Action<int, bool>? Driven { get; init; }

    /// <summary>Every drive, timer and report, in order.</summary>
    public List<string> Log { get; } = [];

    public List<DeviceReport> Reports { get; } = [];

    /// <summary>When the one timer is due, or Never.</summary>
    public VirtualTime Armed { get; set; } = VirtualTime.Never;

    public bool Level(int pin) => _levels[pin];

    public void DrivePin(int pin, bool level)
    {
        _levels[pin] = level;
        Log.Add($"pin {pin} {(level ? "high" : "low")}");
        Driven?.Invoke(pin, level);
    }

    public void ArmTimer(int timer, VirtualTime due)
    {
        Armed = due;
        Log.Add($"arm {timer} {due}");
    }

    public void CancelTimer(int timer)
    {
        Armed = VirtualTime.Never;
        Log.Add($"cancel {timer}");
    }

    public void Report(in DeviceReport report)
    {
        Reports.Add(report);
        Log.Add(report.ToString());
    }
}
