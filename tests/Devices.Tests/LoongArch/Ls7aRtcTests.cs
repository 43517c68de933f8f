using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Rtc;
using Trapline.Devices.Tests.Common;
using Trapline.Messages;

namespace Trapline.Devices.Tests.LoongArch;

public sealed class Ls7aRtcTests
{
    /// <summary>29 February 2024, 23:59:50.</summary>
    private const long Epoch = 1_709_251_190;
    private const uint BothCounters = RtcRegisters.OscillatorEnable | RtcRegisters.ToyEnable | RtcRegisters.RtcEnable;

    private readonly SourceBench _bench = new();
    private Ls7aRtc _rtc;

    public Ls7aRtcTests() => _rtc = new Ls7aRtc(_bench, Epoch, matchAcknowledges: true);

    [Fact]
    public void The_calendar_shows_the_epoch_and_goes_with_virtual_time()
    {
        Write(RtcRegisters.Control, BothCounters);
        Assert.Equal((Toy(2, 29, 23, 59, 50), 124u), (Read(RtcRegisters.ToyRead0), Read(RtcRegisters.ToyRead1)));
        Wait(10);
        Assert.Equal((Toy(3, 1, 0, 0, 0), 124u), (Read(RtcRegisters.ToyRead0), Read(RtcRegisters.ToyRead1)));
    }

    [Fact]
    public void Counters_that_do_not_run_read_0_and_take_nothing()
    {
        Write(RtcRegisters.Control, RtcRegisters.ToyEnable | RtcRegisters.RtcEnable);
        Write(RtcRegisters.ToyMatch0, 5);
        Write(RtcRegisters.RtcMatch0, 5);
        Write(RtcRegisters.ToyWrite1, 5);
        Wait(1);
        Assert.Equal(0u, Read(RtcRegisters.ToyRead0) | Read(RtcRegisters.ToyRead1) | Read(RtcRegisters.RtcRead));
        Assert.Equal(0u, Read(RtcRegisters.ToyMatch0) | Read(RtcRegisters.RtcMatch0));
        Write(RtcRegisters.Control, RtcRegisters.OscillatorEnable | RtcRegisters.RtcEnable);
        Assert.Equal((0u, 32_768u), (Read(RtcRegisters.ToyRead0), Read(RtcRegisters.RtcRead)));
    }

    [Fact]
    public void The_calendar_is_set_in_two_parts()
    {
        Write(RtcRegisters.Control, BothCounters);
        Write(RtcRegisters.ToyWrite1, 99);
        Write(RtcRegisters.ToyWrite0, Toy(12, 31, 23, 59, 59));
        Wait(1);
        Assert.Equal((Toy(1, 1, 0, 0, 0), 100u), (Read(RtcRegisters.ToyRead0), Read(RtcRegisters.ToyRead1)));
    }

    [Fact]
    public void The_counter_has_32768_ticks_a_second_and_wraps()
    {
        Write(RtcRegisters.Control, BothCounters);
        Write(RtcRegisters.RtcWrite, uint.MaxValue);
        Wait(2);
        Assert.Equal(65_535u, Read(RtcRegisters.RtcRead));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_calendar_match_alarms_on_its_second_and_ends_when_written(int match)
    {
        Write(RtcRegisters.Control, BothCounters);
        var register = RtcRegisters.ToyMatch0 + (4 * match);
        Write(register, Match(124, 3, 1, 0, 0, 5));
        Wait(14);
        Assert.False(_bench.Pin);
        Wait(15);
        Assert.Equal(["15s pin 0 high"], _bench.Log);
        Write(register, 0);
        Assert.False(_bench.Pin);
        Wait(100);
        Assert.Equal(2, _bench.Log.Count);
        Assert.Equal([ReportKind.Raised, ReportKind.Acknowledged], _bench.Reports);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_counter_match_alarms_on_its_tick(int match)
    {
        Write(RtcRegisters.Control, BothCounters);
        Write(RtcRegisters.RtcMatch0 + (4 * match), 1);
        _bench.WaitUntil(VirtualTime.FromNanoseconds(30_517), (timer, _) => _rtc.Expire(timer));
        Assert.Empty(_bench.Log);
        _bench.WaitUntil(VirtualTime.FromNanoseconds(30_518), (timer, _) => _rtc.Expire(timer));
        Assert.Equal((true, 1u), (_bench.Pin, Read(RtcRegisters.RtcRead)));
        Assert.Equal(["30.517579us pin 0 high"], _bench.Log);
    }

    [Fact]
    public void A_match_in_the_past_alarms_at_once()
    {
        Write(RtcRegisters.Control, BothCounters);
        Write(RtcRegisters.ToyMatch0, Match(124, 2, 29, 23, 59, 49));
        Assert.True(_bench.Pin);
    }

    [Fact]
    public void The_pin_falls_when_the_last_alarm_ends()
    {
        Write(RtcRegisters.Control, BothCounters);
        Write(RtcRegisters.ToyMatch0, 1);
        Write(RtcRegisters.RtcMatch0, 100);
        Wait(1);
        Write(RtcRegisters.ToyMatch0, 0);
        Assert.True(_bench.Pin);
        Write(RtcRegisters.RtcMatch0, 0);
        Assert.False(_bench.Pin);
    }

    [Fact]
    public void A_counter_that_is_stopped_alarms_when_it_runs_again_and_its_match_has_passed()
    {
        Write(RtcRegisters.Control, BothCounters);
        Write(RtcRegisters.ToyMatch0 + 8, Match(124, 3, 1, 0, 0, 5));
        Write(RtcRegisters.Control, 0);
        Wait(60);
        Assert.Empty(_bench.Log);
        Write(RtcRegisters.Control, BothCounters);
        Assert.Equal(["60s pin 0 high"], _bench.Log);
    }

    /// <summary>As recording f has it: three times the pin at each switching on, though no match was ever written.</summary>
    [Fact]
    public void As_QEMU_switching_on_drives_the_pin_for_each_match_of_0_and_nothing_lowers_it()
    {
        _rtc = new Ls7aRtc(_bench, Epoch);
        Write(RtcRegisters.Control, RtcRegisters.OscillatorEnable | RtcRegisters.ToyEnable);
        Assert.Equal(["0ps pin 0 high", "0ps pin 0 high", "0ps pin 0 high"], _bench.Log);
        Write(RtcRegisters.ToyMatch0, Match(124, 3, 1, 0, 0, 5));
        Wait(20);
        Assert.Equal("15s pin 0 high", _bench.Log[^1]);
        Assert.DoesNotContain(_bench.Log, line => line.EndsWith("low", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, 1970, 1, 1, 0, 0, 0)]
    [InlineData(951_782_400, 2000, 2, 29, 0, 0, 0)]
    [InlineData(4_107_542_399, 2100, 2, 28, 23, 59, 59)]
    [InlineData(-1, 1969, 12, 31, 23, 59, 59)]
    [InlineData(-62_135_596_800, 1, 1, 1, 0, 0, 0)]
    public void Days_of_the_calendar(long seconds, long year, int month, int day, int hour, int minute, int second)
    {
        var time = new CivilTime(year, month, day, hour, minute, second);
        Assert.Equal(time, CivilTime.FromSeconds(seconds));
        Assert.Equal(seconds, time.Seconds);
    }

    [Fact]
    public void Every_day_of_an_era_goes_there_and_back()
    {
        for (long day = -200_000; day < 200_000; day += 1)
        {
            var seconds = (day * 86_400) + 86_399;
            Assert.Equal(seconds, CivilTime.FromSeconds(seconds).Seconds);
        }
    }

    [Fact]
    public void Fields_out_of_range_count_on() =>
        Assert.Equal(new CivilTime(2023, 11, 30, 0, 0, 0).Seconds, new CivilTime(2024, 0, 0, 0, 0, 0).Seconds);

    [Fact]
    public void Only_aligned_words_are_accessed()
    {
        Assert.Equal(AccessOutcome.Fault, _rtc.Read(0x40, 8, _bench.Now, out _));
        Assert.Equal(AccessOutcome.Fault, _rtc.Write(0x42, 4, 0, _bench.Now));
        Assert.Equal(AccessOutcome.Done, _rtc.Read(0xFC, 4, _bench.Now, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => _rtc.Read(0x100, 4, _bench.Now, out _));
        Assert.Equal(("SYS_TOYMATCH2", "SYS_RTCCTRL", null), (RtcRegisters.NameOf(0x3C), RtcRegisters.NameOf(0x41), RtcRegisters.NameOf(0)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_clock_and_its_raw_copy_behave_alike(bool matchAcknowledges) => Step.CheckAll(steps =>
    {
        var (firstBench, secondBench) = (new SourceBench(), new SourceBench());
        var (first, second) = (new Ls7aRtc(firstBench, Epoch, matchAcknowledges), new Ls7aRtc(secondBench, Epoch, matchAcknowledges));
        foreach (var step in steps[..(steps.Length / 2)])
        {
            Apply(first, firstBench, step);
        }

        RawState.Copy(first.SyncState, second.SyncState);
        secondBench.Now = firstBench.Now;
        secondBench.CopyTimers(firstBench);
        firstBench.Log.Clear();
        foreach (var step in steps[(steps.Length / 2)..])
        {
            Assert.Equal(Apply(first, firstBench, step), Apply(second, secondBench, step));
        }

        Assert.Equal(firstBench.Log, secondBench.Log);
        Assert.Equal(RawState.Save(first.SyncState), RawState.Save(second.SyncState));
    });

    private static ulong Apply(Ls7aRtc rtc, SourceBench bench, Step step)
    {
        var offset = (ulong)(0x20 + (step.Place % 23 * 4));
        switch (step.Action % 4)
        {
            case 0:
                rtc.Write(RtcRegisters.Control, 4, step.Place % 4 == 0 ? step.Value : BothCounters, bench.Now);
                return 0;
            case 1:
                rtc.Write(offset, 4, step.Value, bench.Now);
                return 0;
            case 2:
                rtc.Read(offset, 4, bench.Now, out var value);
                return value;
            default:
                bench.WaitUntil(bench.Now + VirtualTime.FromNanoseconds(step.Place % 1_000_000), (timer, _) => rtc.Expire(timer));
                return 0;
        }
    }

    private static uint Toy(uint month, uint day, uint hour, uint minute, uint second) =>
        (month << 26) | (day << 21) | (hour << 16) | (minute << 10) | (second << 4);

    private static uint Match(uint year, uint month, uint day, uint hour, uint minute, uint second) =>
        ((year & 0x3F) << 26) | (month << 22) | (day << 17) | (hour << 12) | (minute << 6) | second;

    private void Wait(long untilSeconds) =>
        _bench.WaitUntil(new(untilSeconds * VirtualTime.PerSecond), (timer, _) => _rtc.Expire(timer));

    private void Write(int register, uint value) => Assert.Equal(AccessOutcome.Done, _rtc.Write((ulong)register, 4, value, _bench.Now));

    private uint Read(int register)
    {
        Assert.Equal(AccessOutcome.Done, _rtc.Read((ulong)register, 4, _bench.Now, out var value));
        return checked((uint)value);
    }
}
