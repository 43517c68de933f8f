using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Devices.Common.Sources;

/// <summary>
/// When a source of interrupts raises: every so often, so many times at once, until so many are done. The registers of it
/// are those of the device that has it.
/// </summary>
/// <param name="host">Takes the timer.</param>
/// <param name="timer">Number of the device's timer that this schedule has.</param>
internal sealed class RaiseSchedule(IDeviceHost host, int timer)
{
    public const uint EnableBit = 1;

    /// <summary>52 days of nanoseconds: virtual time holds 106. A longer period is cut to this.</summary>
    public const ulong MaximumPeriod = 1UL << 52;

    /// <summary>A greater burst is cut to this, so that one instant stays finite.</summary>
    public const uint MaximumBurst = 4096;

    private bool _enabled;
    private ulong _period;
    private ulong _count;
    private uint _burst;
    private ulong _raised;

    public uint Control => _enabled ? EnableBit : 0;

    /// <summary>Nanoseconds between raises; a new value counts from the next one on.</summary>
    public ulong Period
    {
        get => _period;
        set => _period = Math.Min(value, MaximumPeriod);
    }

    /// <summary>Raises until it switches itself off; 0: it goes on for ever.</summary>
    public ulong Count
    {
        get => _count;
        set => _count = value;
    }

    /// <summary>Raises at one time; 0 is 1.</summary>
    public uint Burst
    {
        get => _burst;
        set => _burst = Math.Min(value, MaximumBurst);
    }

    /// <summary>Raises so far.</summary>
    public ulong Raised
    {
        get => _raised;
        set => _raised = value;
    }

    /// <summary>
    /// Switches it on or off. Switched on, the first raise is a period away; with a period of 0 it is now, and it is off
    /// again.
    /// </summary>
    /// <returns>How many times to raise at once.</returns>
    public uint WriteControl(uint value, VirtualTime now)
    {
        var enable = (value & EnableBit) != 0;
        if (enable == _enabled)
        {
            return 0;
        }

        _enabled = enable;
        if (!enable)
        {
            host.CancelTimer(timer);
            return 0;
        }

        if (_period == 0)
        {
            return Expire(now);
        }

        Arm(now);
        return 0;
    }

    /// <summary>The timer ran out.</summary>
    /// <returns>How many times to raise; 0 of a timer that is not wanted any more.</returns>
    public uint Expire(VirtualTime now)
    {
        if (!_enabled)
        {
            return 0;
        }

        ulong due = Math.Max(1, _burst);
        if (_count != 0)
        {
            due = Math.Min(due, _count - Math.Min(_raised, _count));
        }

        _raised += due;
        _enabled = _period != 0 && (_count == 0 || _raised < _count);
        if (_enabled)
        {
            Arm(now);
        }

        return (uint)due;
    }

    public void SyncState(StateSync sync)
    {
        sync.Row("enabled", ref _enabled);
        sync.Row("PERIOD", ref _period);
        sync.Row("COUNT", ref _count);
        sync.Row("BURST", ref _burst);
        sync.Row("raised", ref _raised);
        if (sync.Loading && (_period > MaximumPeriod || _burst > MaximumBurst))
        {
            throw new StateFormatException($"row 'PERIOD': {_period} ns with bursts of {_burst} is over {MaximumPeriod} ns or {MaximumBurst}");
        }
    }

    private void Arm(VirtualTime now) => host.ArmTimer(timer, now + VirtualTime.FromNanoseconds((long)_period));
}
