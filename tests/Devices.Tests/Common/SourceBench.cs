using Trapline.Devices.Common;
using Trapline.Devices.Common.Sources;
using Trapline.Messages;

namespace Trapline.Devices.Tests.Common;

/// <summary>The world of a device with timers: time moves when told, and the timers run out on the way, the lowest first.</summary>
internal sealed class SourceBench : IDeviceHost, IMessageSender
{
    private readonly SortedDictionary<int, VirtualTime> _due = [];

    public VirtualTime Now { get; set; }

    /// <summary>Everything that the device did, in order, with when.</summary>
    public List<string> Log { get; } = [];

    public List<ReportKind> Reports { get; } = [];

    public bool Pin { get; private set; }

    public bool Listening => true;

    public int Armed => _due.Count;

    public void WaitUntil(VirtualTime end, Action<int, VirtualTime> expire)
    {
        while (_due.Count > 0 && _due.MinBy(pair => pair.Value) is var (timer, due) && due <= end)
        {
            Now = due;
            _due.Remove(timer);
            expire(timer, Now);
        }

        Now = end;
    }

    public void CopyTimers(SourceBench other)
    {
        foreach (var (timer, due) in other._due)
        {
            _due[timer] = due;
        }
    }

    void IMessageSender.Send(int queue, ulong address, uint data) => Log.Add($"{Now} queue {queue} 0x{address:x} = 0x{data:x}");

    void IDeviceHost.DrivePin(int pin, bool level)
    {
        Pin = level;
        Log.Add($"{Now} pin {pin} {(level ? "high" : "low")}");
    }

    void IDeviceHost.ArmTimer(int timer, VirtualTime due)
    {
        Assert.True(due > Now, $"timer {timer} is due at once");
        _due[timer] = due;
    }

    void IDeviceHost.CancelTimer(int timer) => _due.Remove(timer);

    void IDeviceHost.Report(in DeviceReport report) => Reports.Add(report.Kind);
}
