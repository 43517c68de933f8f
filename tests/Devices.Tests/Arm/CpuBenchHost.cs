using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Common;
using Trapline.Messages;

namespace Trapline.Devices.Tests.Arm;

/// <summary>The world of one CPU's half of a GIC: writes down what it is told.</summary>
internal sealed class CpuBenchHost : IGicCpuHost
{
    private readonly bool[] _levels = new bool[2];

    public bool Listening { get; set; } = true;

    /// <summary>Drives, releases, deactivations and ends, in order; reports are apart.</summary>
    public List<string> Log { get; } = [];

    public List<DeviceReport> Reports { get; } = [];

    public bool Level(int pin) => _levels[pin];

    /// <summary>Kinds of the reports so far, each with its INTID; forgets them.</summary>
    public List<(ReportKind Kind, int Line)> TakeReports()
    {
        var taken = Reports.Select(report => (report.Kind, report.Line)).ToList();
        Reports.Clear();
        return taken;
    }

    /// <summary>What was logged so far; forgets it.</summary>
    public List<string> TakeLog()
    {
        var taken = Log.ToList();
        Log.Clear();
        return taken;
    }

    public void DrivePin(int pin, bool level)
    {
        Assert.NotEqual(_levels[pin], level);
        _levels[pin] = level;
        Log.Add($"pin {pin} {(level ? "high" : "low")}");
    }

    public void Release(int interruptId, uint sequence) => Log.Add($"release {interruptId} #{sequence}");

    public void Deactivate(in Deactivation deactivation)
    {
        var (interruptId, isDirect, group, priority, mask, sequence) = deactivation;
        Log.Add((isDirect ? $"deactivate {interruptId} directly" : $"deactivate {interruptId} of group {group}, 0x{priority:x} under 0x{mask:x}") + (sequence == 0 ? "" : $", #{sequence}"));
    }

    public void Ended(int interruptId) => Log.Add($"ended {interruptId}");

    public void ArmTimer(int timer, VirtualTime due) => throw new InvalidOperationException("a GIC has no timer");

    public void CancelTimer(int timer) => throw new InvalidOperationException("a GIC has no timer");

    public void Report(in DeviceReport report)
    {
        Assert.True(Listening, $"{report} was made though nobody listens");
        Reports.Add(report);
    }
}
