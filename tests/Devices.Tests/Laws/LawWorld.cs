using Trapline.Devices.Arm.Vm;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Devices.Common.Serial;
using Trapline.Devices.Common.Sources;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Messages;

namespace Trapline.Devices.Tests.Laws;

/// <summary>
/// All that a device can act on. It writes everything down; its clock, timers and memory are what an actor keeps beside the
/// device's own rows.
/// </summary>
internal sealed class LawWorld : IDeviceHost, IMessageSender, ISerialOutput, IArmInputs, IStealTimeMemory
{
    /// <summary>Timers with periods of a nanosecond would otherwise never let a second pass.</summary>
    private const int ExpiriesAtOnce = 8;

    private const ulong MemoryEnd = 0x1000;

    private readonly SortedDictionary<int, VirtualTime> _timers = [];
    private readonly SortedDictionary<ulong, byte> _memory = [];

    public VirtualTime Now { get; private set; }

    /// <summary>Every drive, timer, message and report, in order.</summary>
    public List<string> Log { get; } = [];

    public bool Listening => true;

    public string Timers => string.Join(' ', _timers.Select(timer => $"{timer.Key}@{timer.Value.Picoseconds}"));

    /// <summary>Lets time pass: timers run out on the way.</summary>
    public void Pass(VirtualTime span, Action<int> expire)
    {
        var end = Now + span;
        for (var left = ExpiriesAtOnce; _timers.Count > 0 && _timers.MinBy(pair => pair.Value) is var (timer, due) && due <= end; left--)
        {
            if (left == 0)
            {
                return;
            }

            Now = VirtualTime.Max(Now, due);
            _timers.Remove(timer);
            expire(timer);
        }

        Now = end;
    }

    /// <summary>What the actor restores for the device: without a word to it.</summary>
    public void CopyFrom(LawWorld other)
    {
        Now = other.Now;
        _timers.Clear();
        _memory.Clear();
        foreach (var (timer, due) in other._timers)
        {
            _timers[timer] = due;
        }

        foreach (var (address, value) in other._memory)
        {
            _memory[address] = value;
        }
    }

    void IDeviceHost.DrivePin(int pin, bool level) => Log.Add($"pin {pin} {level}");

    void IDeviceHost.ArmTimer(int timer, VirtualTime due)
    {
        _timers[timer] = due;
        Log.Add($"arm {timer} {due.Picoseconds}");
    }

    void IDeviceHost.CancelTimer(int timer)
    {
        _timers.Remove(timer);
        Log.Add($"cancel {timer}");
    }

    void IDeviceHost.Report(in DeviceReport report) => Log.Add(report.ToString());

    void IMessageSender.Send(int queue, ulong address, uint data) => Log.Add($"queue {queue} 0x{address:x} = 0x{data:x}");

    void ISerialOutput.Transmit(byte value) => Log.Add($"sent {value}");

    void IInterruptInputs.DrivePin(int pin, bool level) => Log.Add($"input {pin} {level}");

    void IArmInputs.DrivePpi(int vcpu, int interruptId, bool level) => Log.Add($"input {interruptId} of {vcpu} {level}");

    int IInterruptInputs.SignalMessage(in KvmMessage message)
    {
        Log.Add($"message {message}");
        return message.Data < 256 ? 0 : Errno.InvalidArgument;
    }

    bool IStealTimeMemory.TryRead(ulong address, int size, out ulong value)
    {
        value = 0;
        for (var i = size - 1; i >= 0; i--)
        {
            value = (value << 8) | _memory.GetValueOrDefault(address + (ulong)i);
        }

        return address < MemoryEnd;
    }

    void IStealTimeMemory.Write(ulong address, int size, ulong value)
    {
        Log.Add($"memory {size} at 0x{address:x} = 0x{value:x}");
        for (var i = 0; i < size; i++)
        {
            _memory[address + (ulong)i] = (byte)(value >> (8 * i));
        }
    }
}
