using Trapline.Devices.Common;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Devices.LoongArch.Rtc;

/// <summary>
/// The real-time clock of the LS7A bridge: TOY, a calendar, and RTC, a counter of 32,768 Hz, each with three match
/// registers that raise an alarm. As QEMU's hw/rtc/ls7a_rtc.c: a match that lies in the past, one of 0 too, alarms at
/// once, also when its counter is switched on (recordings of real guests show the three alarms of that).
/// </summary>
/// <remarks>
/// Nothing in QEMU ever lowers the pin. Linux's driver says of the hardware that writing the match register does, and
/// writes 0 there to acknowledge: the constructor chooses.
/// </remarks>
public sealed class Ls7aRtc
{
    /// <summary>The one output.</summary>
    public const int InterruptPin = 0;

    public const ulong WindowSize = RtcRegisters.End;

    /// <summary>Timers 0 to 2 are TOY's matches, 3 to 5 those of RTC.</summary>
    public const int Timers = 2 * RtcRegisters.Matches;

    public const int Frequency = 32_768;

    /// <summary>The calendar counts years from here.</summary>
    private const int FirstYear = 1900;

    /// <summary>Years of a match register: six bits.</summary>
    private const long MatchYears = 0x3F;

    private const int NoLine = -1;

    /// <summary>A calendar's offset that user input cannot reach: 2^32 years.</summary>
    private const long MaximumOffset = 1L << 57;

    private readonly IDeviceHost _host;
    private readonly long _epoch;
    private readonly bool _matchAcknowledges;

    private readonly uint[] _matches = new uint[Timers];
    private uint _control;

    /// <summary>Seconds that the calendar is ahead of the start epoch and virtual time; ticks that the counter is.</summary>
    private long _toyOffset;
    private uint _rtcOffset;
    private byte _alarms;

    /// <param name="host">Takes the interrupt pin and six timers.</param>
    /// <param name="epochSeconds">What the calendar shows at the start of virtual time: seconds since 1970.</param>
    /// <param name="matchAcknowledges">
    /// Writing a match register ends its alarm, and a match of 0 is none, as Linux's driver has it. Otherwise as QEMU.
    /// </param>
    public Ls7aRtc(IDeviceHost host, long epochSeconds, bool matchAcknowledges = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epochSeconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(epochSeconds, uint.MaxValue);
        _host = host;
        _epoch = epochSeconds;
        _matchAcknowledges = matchAcknowledges;
    }

    private bool ToyRuns => Runs(RtcRegisters.ToyEnable);

    private bool RtcRuns => Runs(RtcRegisters.RtcEnable);

    /// <summary>Whether the whole access lies in the device. Only such accesses may be made.</summary>
    public static bool Covers(ulong offset, int size) => offset < WindowSize && (ulong)size <= WindowSize - offset;

    /// <summary>Reads a register: four bytes, aligned; others fault. A counter that does not run reads 0, as what is no register does.</summary>
    public AccessOutcome Read(ulong offset, int size, VirtualTime now, out ulong value)
    {
        value = 0;
        if (!IsWord(offset, size))
        {
            return Fault(offset, size, isWrite: false);
        }

        value = offset switch
        {
            RtcRegisters.ToyRead0 when ToyRuns => Pack(Calendar(now)),
            RtcRegisters.ToyRead1 when ToyRuns => (uint)(Calendar(now).Year - FirstYear),
            RtcRegisters.RtcRead when RtcRuns => Counter(now),
            RtcRegisters.Control => _control,
            _ => TimerOf(offset) is var timer and >= 0 ? _matches[timer] : 0,
        };
        return AccessOutcome.Done;
    }

    /// <summary>Writes a register: four bytes, aligned; others fault. A counter that does not run takes neither time nor match.</summary>
    public AccessOutcome Write(ulong offset, int size, ulong value, VirtualTime now)
    {
        if (!IsWord(offset, size))
        {
            return Fault(offset, size, isWrite: true);
        }

        var data = (uint)value;
        switch (offset)
        {
            case RtcRegisters.ToyWrite0 when ToyRuns:
                SetCalendar(Unpack(data, Calendar(now).Year), now);
                break;
            case RtcRegisters.ToyWrite1 when ToyRuns:
                SetCalendar(Calendar(now) with { Year = FirstYear + (long)(int)data }, now);
                break;
            case RtcRegisters.RtcWrite when RtcRuns:
                _rtcOffset = unchecked(data - Ticks(now));
                break;
            case RtcRegisters.Control:
                WriteControl(data, now);
                break;
            default:
                WriteMatch(TimerOf(offset), data, now);
                break;
        }

        return AccessOutcome.Done;
    }

    /// <summary>The timer of a match ran out.</summary>
    public void Expire(int timer)
    {
        if (timer < RtcRegisters.Matches ? ToyRuns : RtcRuns)
        {
            Alarm(timer);
        }
    }

    /// <summary>All state, as rows without side effects: the armed timers are rows of the caller's.</summary>
    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        for (var timer = 0; timer < Timers; timer++)
        {
            sync.Begin("match", timer);
            sync.Row("value", ref _matches[timer]);
            sync.End();
        }

        sync.Row("SYS_RTCCTRL", ref _control);
        sync.Row("TOY offset", ref _toyOffset);
        sync.Row("RTC offset", ref _rtcOffset);
        sync.RowBelow("alarms", ref _alarms, 1 << Timers);
        if (sync.Loading && _toyOffset is < -MaximumOffset or > MaximumOffset)
        {
            throw new StateFormatException($"row 'TOY offset': {_toyOffset} s is over {MaximumOffset} s");
        }
    }

    private static int TimerOf(ulong offset) => offset switch
    {
        >= RtcRegisters.ToyMatch0 and < RtcRegisters.ToyMatch0 + (4 * RtcRegisters.Matches) => (int)(offset - RtcRegisters.ToyMatch0) / 4,
        >= RtcRegisters.RtcMatch0 and < RtcRegisters.RtcMatch0 + (4 * RtcRegisters.Matches) =>
            RtcRegisters.Matches + ((int)(offset - RtcRegisters.RtcMatch0) / 4),
        _ => -1,
    };

    /// <summary>TOYREAD0 and TOYWRITE0: month 31:26, day 25:21, hour 20:16, minute 15:10, second 9:4, tenths 3:0.</summary>
    private static uint Pack(CivilTime time) =>
        ((uint)time.Month << 26) | ((uint)time.Day << 21) | ((uint)time.Hour << 16) | ((uint)time.Minute << 10) | ((uint)time.Second << 4);

    private static CivilTime Unpack(uint value, long year) =>
        new(year, Field(value, 26, 6), Field(value, 21, 5), Field(value, 16, 5), Field(value, 10, 6), Field(value, 4, 6));

    private static int Field(uint value, int shift, int bits) => (int)(value >> shift) & ((1 << bits) - 1);

    private static uint Ticks(VirtualTime now) => unchecked((uint)(ulong)((UInt128)(ulong)now.Picoseconds * Frequency / VirtualTime.PerSecond));

    private bool Runs(uint enable) => (_control & (enable | RtcRegisters.OscillatorEnable)) == (enable | RtcRegisters.OscillatorEnable);

    private long CalendarSeconds(VirtualTime now) => _epoch + _toyOffset + (now.Picoseconds / VirtualTime.PerSecond);

    private CivilTime Calendar(VirtualTime now) => CivilTime.FromSeconds(CalendarSeconds(now));

    private void SetCalendar(CivilTime time, VirtualTime now) =>
        _toyOffset = time.Seconds - _epoch - (now.Picoseconds / VirtualTime.PerSecond);

    private uint Counter(VirtualTime now) => unchecked(Ticks(now) + _rtcOffset);

    private static bool IsWord(ulong offset, int size)
    {
        if (size is not (1 or 2 or 4 or 8) || !Covers(offset, size))
        {
            throw new ArgumentOutOfRangeException(nameof(offset), $"{size} bytes at +0x{offset:x} are not an access to the RTC: ask Covers first");
        }

        return size == sizeof(uint) && offset % sizeof(uint) == 0;
    }

    private void WriteControl(uint value, VirtualTime now)
    {
        var (toyRan, rtcRan) = (ToyRuns, RtcRuns);
        _control = value;
        if (ToyRuns != toyRan)
        {
            Switch(0, ToyRuns, now);
        }

        if (RtcRuns != rtcRan)
        {
            Switch(RtcRegisters.Matches, RtcRuns, now);
        }
    }

    private void Switch(int firstTimer, bool on, VirtualTime now)
    {
        for (var timer = firstTimer; timer < firstTimer + RtcRegisters.Matches; timer++)
        {
            if (on)
            {
                ArmMatch(timer, now);
            }
            else
            {
                _host.CancelTimer(timer);
            }
        }
    }

    private void WriteMatch(int timer, uint value, VirtualTime now)
    {
        if (timer < 0 || !(timer < RtcRegisters.Matches ? ToyRuns : RtcRuns))
        {
            return;
        }

        _matches[timer] = value;
        if (_matchAcknowledges)
        {
            EndAlarm(timer);
        }

        ArmMatch(timer, now);
    }

    private void ArmMatch(int timer, VirtualTime now)
    {
        _host.CancelTimer(timer);
        if (_matchAcknowledges && _matches[timer] == 0)
        {
            return;
        }

        var wait = timer < RtcRegisters.Matches ? ToyWait(_matches[timer], now) : RtcWait(_matches[timer], now);
        if (wait > VirtualTime.Zero)
        {
            _host.ArmTimer(timer, now + wait);
        }
        else
        {
            Alarm(timer);
        }
    }

    /// <summary>TOYMATCH: year of 64 in 31:26, month 25:22, day 21:17, hour 16:12, minute 11:6, second 5:0.</summary>
    private VirtualTime ToyWait(uint match, VirtualTime now)
    {
        var years = Calendar(now).Year - FirstYear;
        var year = years + Field(match, 26, 6) - (years & MatchYears);
        var at = new CivilTime(FirstYear + year, Field(match, 22, 4), Field(match, 17, 5), Field(match, 12, 5), Field(match, 6, 6), Field(match, 0, 6));
        var seconds = at.Seconds - CalendarSeconds(now);
        return seconds > VirtualTime.Never.Picoseconds / VirtualTime.PerSecond ? VirtualTime.Never : new(Math.Max(seconds, 0) * VirtualTime.PerSecond);
    }

    /// <summary>A match is ahead of the counter or behind it by less than half of what it counts: 18 hours.</summary>
    private VirtualTime RtcWait(uint match, VirtualTime now)
    {
        var ticks = unchecked((int)(match - Counter(now)));
        if (ticks <= 0)
        {
            return VirtualTime.Zero;
        }

        // The tick begins at a fraction of a picosecond: the first whole one after it.
        var at = (UInt128)(ulong)now.Picoseconds * Frequency / VirtualTime.PerSecond + (UInt128)ticks;
        var due = ((at * VirtualTime.PerSecond) + Frequency - 1) / Frequency;
        return due > (UInt128)VirtualTime.Never.Picoseconds ? VirtualTime.Never : new((long)due - now.Picoseconds);
    }

    private void Alarm(int timer)
    {
        Report(_alarms == 0 ? ReportKind.Raised : ReportKind.Coalesced, InterruptPin, (ulong)timer);
        _alarms |= (byte)(1 << timer);
        _host.DrivePin(InterruptPin, true);
    }

    private void EndAlarm(int timer)
    {
        var bit = (byte)(1 << timer);
        if ((_alarms & bit) == 0)
        {
            return;
        }

        _alarms &= (byte)~bit;
        Report(ReportKind.Acknowledged, InterruptPin, (ulong)timer);
        if (_alarms == 0)
        {
            _host.DrivePin(InterruptPin, false);
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
