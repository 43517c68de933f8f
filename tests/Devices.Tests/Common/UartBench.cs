using Trapline.Devices.Common;
using Trapline.Devices.Common.Serial;
using Trapline.Messages;

namespace Trapline.Devices.Tests.Common;

/// <summary>A UART with a clock: time moves when told, and its timers run out on the way.</summary>
internal sealed class UartBench : ISerialOutput, IDeviceHost
{
    private readonly VirtualTime[] _due = [VirtualTime.Never, VirtualTime.Never];

    public UartBench() => Uart = new Uart16550(this, this);

    public Uart16550 Uart { get; }

    public VirtualTime Now { get; set; }

    /// <summary>What has left, with when.</summary>
    public List<(byte Value, VirtualTime At)> Sent { get; } = [];

    /// <summary>Levels as they were driven.</summary>
    public List<bool> Drives { get; } = [];

    public List<DeviceReport> Reports { get; } = [];

    public bool Listening => true;

    public bool Pin => Drives.Count > 0 && Drives[^1];

    /// <summary>Reads IIR's number without what reading it does.</summary>
    public int Identification => (int)RawState.List(Uart.SyncState).Single(row => row.Key == "IIR").Value;

    /// <summary>FIFOs on with a trigger level, received-data and transmitter's interrupts as asked for.</summary>
    public static UartBench With(byte interrupts, byte fifoControl = 0x01)
    {
        var bench = new UartBench();
        bench.Write(UartRegisters.IdentificationOrFifo, fifoControl);
        bench.Write(UartRegisters.InterruptEnable, interrupts);
        bench.Drives.Clear();
        bench.Reports.Clear();
        return bench;
    }

    public byte Read(int register)
    {
        Assert.Equal(AccessOutcome.Done, Uart.Read((ulong)register, 1, Now, out var value));
        return checked((byte)value);
    }

    public void Write(int register, int value) => Assert.Equal(AccessOutcome.Done, Uart.Write((ulong)register, 1, (ulong)value, Now));

    public void Receive(params byte[] values)
    {
        foreach (var value in values)
        {
            Uart.Receive(value, Now);
        }
    }

    /// <summary>Lets so many character times pass.</summary>
    public void Wait(int characters) => WaitUntil(new(Now.Picoseconds + (Uart.CharacterTime.Picoseconds * characters)));

    public void WaitUntil(VirtualTime end)
    {
        for (var timer = Next(); _due[timer] <= end; timer = Next())
        {
            Now = _due[timer];
            _due[timer] = VirtualTime.Never;
            Uart.Expire(timer, Now);
        }

        Now = end;
    }

    /// <summary>The timers, for a copy of the device.</summary>
    public void CopyTimers(UartBench other) => other._due.CopyTo(_due, 0);

    void ISerialOutput.Transmit(byte value) => Sent.Add((value, Now));

    void IDeviceHost.DrivePin(int pin, bool level)
    {
        Assert.Equal(Uart16550.InterruptPin, pin);
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
