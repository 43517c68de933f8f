using Trapline.Devices.Common;
using Trapline.Devices.Common.Serial;
using Trapline.Messages;

namespace Trapline.Devices.Tests.Common;

/// <summary>A UART with a clock: time moves when told, and its timers run out on the way.</summary>
internal abstract class SerialBench : ISerialOutput, IDeviceHost
{
    private readonly VirtualTime[] _due = [VirtualTime.Never, VirtualTime.Never];

    public VirtualTime Now { get; set; }

    /// <summary>What has left, with when.</summary>
    public List<(byte Value, VirtualTime At)> Sent { get; } = [];

    /// <summary>Levels as they were driven.</summary>
    public List<bool> Drives { get; } = [];

    public List<DeviceReport> Reports { get; } = [];

    public bool Listening => true;

    public bool Pin => Drives.Count > 0 && Drives[^1];

    protected abstract ISerialPort Port { get; }

    protected abstract VirtualTime CharacterTime { get; }

    public void Receive(params byte[] values)
    {
        foreach (var value in values)
        {
            Port.Receive(value, Now);
        }
    }

    /// <summary>Lets so many character times pass.</summary>
    public void Wait(int characters) => WaitUntil(new(Now.Picoseconds + (CharacterTime.Picoseconds * characters)));

    public void WaitUntil(VirtualTime end)
    {
        for (var timer = Next(); _due[timer] <= end; timer = Next())
        {
            Now = _due[timer];
            _due[timer] = VirtualTime.Never;
            Port.Expire(timer, Now);
        }

        Now = end;
    }

    /// <summary>The timers, for a copy of the device.</summary>
    public void CopyTimers(SerialBench other) => other._due.CopyTo(_due, 0);

    void ISerialOutput.Transmit(byte value) => Sent.Add((value, Now));

    void IDeviceHost.DrivePin(int pin, bool level)
    {
        Assert.Equal(0, pin);
        Drives.Add(level);
    }

    void IDeviceHost.ArmTimer(int timer, VirtualTime due)
    {
        Assert.True(due > Now, "a timer is due at once");
        _due[timer] = due;
    }

    void IDeviceHost.CancelTimer(int timer) => _due[timer] = VirtualTime.Never;

    void IDeviceHost.Report(in DeviceReport report) => Reports.Add(report);

    private int Next() => _due[0] <= _due[1] ? 0 : 1;
}
