using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Devices.Common.Sources;

/// <summary>
/// A source of level-triggered interrupts that does nothing else: its pin is high while something is pending. A raise
/// while it is high is coalesced into the one that pends. Registers: <see cref="LevelRegisters"/>, in words of four or
/// eight bytes; other accesses fault.
/// </summary>
public sealed class LevelDevice
{
    /// <summary>The one output.</summary>
    public const int InterruptPin = 0;

    public const ulong WindowSize = LevelRegisters.End;

    private const int RaiseTimer = 0;
    private const int NoLine = -1;

    private readonly IDeviceHost _host;
    private readonly RaiseSchedule _schedule;
    private bool _pending;

    public LevelDevice(IDeviceHost host)
    {
        _host = host;
        _schedule = new RaiseSchedule(host, RaiseTimer);
    }

    /// <summary>Whether the whole access lies in the device. Only such accesses may be made.</summary>
    public static bool Covers(ulong offset, int size) => offset < WindowSize && (ulong)size <= WindowSize - offset;

    public AccessOutcome Read(ulong offset, int size, out ulong value)
    {
        if (!WordAccess.IsOne(offset, size, WindowSize))
        {
            value = 0;
            return Fault(offset, size, isWrite: false);
        }

        value = WordAccess.Extract(Register(WordAccess.RegisterOf(offset)), offset, size);
        return AccessOutcome.Done;
    }

    public AccessOutcome Write(ulong offset, int size, ulong value, VirtualTime now)
    {
        if (!WordAccess.IsOne(offset, size, WindowSize))
        {
            return Fault(offset, size, isWrite: true);
        }

        var register = WordAccess.RegisterOf(offset);
        var merged = WordAccess.Merge(Register(register), offset, size, value);
        switch (register)
        {
            case LevelRegisters.Control:
                Raise(_schedule.WriteControl((uint)merged, now));
                break;
            case LevelRegisters.Period:
                _schedule.Period = merged;
                break;
            case LevelRegisters.Count:
                _schedule.Count = merged;
                break;
            case LevelRegisters.Acknowledge when (merged & 1) != 0 && _pending:
                _pending = false;
                Report(ReportKind.Acknowledged, InterruptPin, 0);
                _host.DrivePin(InterruptPin, false);
                break;
            case LevelRegisters.Raised:
                _schedule.Raised = merged;
                break;
        }

        return AccessOutcome.Done;
    }

    /// <summary>A timer ran out.</summary>
    public void Expire(VirtualTime now) => Raise(_schedule.Expire(now));

    /// <summary>All state, as rows without side effects: the armed timer is a row of the caller's.</summary>
    public void SyncState(StateSync sync)
    {
        _schedule.SyncState(sync);
        sync.Row("pending", ref _pending);
    }

    private ulong Register(int register) => register switch
    {
        LevelRegisters.Control => _schedule.Control,
        LevelRegisters.Period => _schedule.Period,
        LevelRegisters.Count => _schedule.Count,
        LevelRegisters.Status => _pending ? 1UL : 0,
        LevelRegisters.Raised => _schedule.Raised,
        _ => 0,
    };

    private void Raise(uint times)
    {
        if (times == 0)
        {
            return;
        }

        Report(_pending ? ReportKind.Coalesced : ReportKind.Raised, InterruptPin, _schedule.Raised);
        if (!_pending)
        {
            _pending = true;
            _host.DrivePin(InterruptPin, true);
        }
    }

    private AccessOutcome Fault(ulong offset, int size, bool isWrite)
    {
        Report(ReportKind.Refused, NoLine, AccessDetail.Of(offset, size, isWrite));
        return AccessOutcome.Fault;
    }

    private void Report(ReportKind kind, int line, ulong detail)
    {
        if (_host.Listening)
        {
            _host.Report(new DeviceReport(kind, line, detail));
        }
    }
}
