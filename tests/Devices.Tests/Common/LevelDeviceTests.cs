using Trapline.Devices.Common;
using Trapline.Devices.Common.Sources;
using Trapline.Messages;

namespace Trapline.Devices.Tests.Common;

public sealed class LevelDeviceTests
{
    private readonly SourceBench _bench = new();
    private readonly LevelDevice _device;

    public LevelDeviceTests() => _device = new LevelDevice(_bench);

    [Fact]
    public void It_raises_each_period_until_the_count_and_holds_the_pin_until_acknowledged()
    {
        Write(LevelRegisters.Period, 100);
        Write(LevelRegisters.Count, 3);
        Write(LevelRegisters.Control, 1);
        Wait(150);
        Assert.Equal((1ul, true), (Read(LevelRegisters.Status), _bench.Pin));
        Write(LevelRegisters.Acknowledge, 1);
        Assert.Equal((0ul, false), (Read(LevelRegisters.Status), _bench.Pin));
        Wait(1000);
        Assert.Equal(["100ns pin 0 high", "150ns pin 0 low", "200ns pin 0 high"], _bench.Log);
        Assert.Equal([ReportKind.Raised, ReportKind.Acknowledged, ReportKind.Raised, ReportKind.Coalesced], _bench.Reports);
        Assert.Equal((3ul, 0ul, 0), (Read(LevelRegisters.Raised), Read(LevelRegisters.Control), _bench.Armed));
    }

    [Fact]
    public void Without_a_count_it_goes_on_until_switched_off()
    {
        Write(LevelRegisters.Period, 10);
        Write(LevelRegisters.Control, 1);
        Wait(1005);
        Assert.Equal(100ul, Read(LevelRegisters.Raised));
        Write(LevelRegisters.Control, 0);
        Wait(2000);
        Assert.Equal(100ul, Read(LevelRegisters.Raised));
    }

    [Fact]
    public void With_a_period_of_0_switching_it_on_raises_once()
    {
        Write(LevelRegisters.Control, 1);
        Assert.Equal((true, 0ul, 1ul), (_bench.Pin, Read(LevelRegisters.Control), Read(LevelRegisters.Raised)));
    }

    [Fact]
    public void Acknowledging_what_is_not_pending_drives_nothing()
    {
        Write(LevelRegisters.Acknowledge, 1);
        Write(LevelRegisters.Status, 1);
        Assert.Empty(_bench.Log);
        Assert.Equal(0ul, Read(LevelRegisters.Acknowledge));
    }

    [Fact]
    public void Half_a_register_is_accessed_by_itself_and_other_widths_fault()
    {
        Assert.Equal(AccessOutcome.Done, _device.Write(LevelRegisters.Count + 4, 4, 1, _bench.Now));
        Assert.Equal(1ul << 32, Read(LevelRegisters.Count));
        Assert.Equal(AccessOutcome.Done, _device.Read(LevelRegisters.Count + 4, 4, out var high));
        Assert.Equal(1ul, high);
        Assert.Equal(AccessOutcome.Fault, _device.Read(0, 2, out _));
        Assert.Equal(AccessOutcome.Fault, _device.Write(4, 8, 0, _bench.Now));
        Assert.Throws<ArgumentOutOfRangeException>(() => _device.Read(LevelRegisters.End, 4, out _));
        Assert.Equal(("STATUS", null), (LevelRegisters.NameOf(0x1C), LevelRegisters.NameOf(LevelRegisters.End)));
    }

    [Fact]
    public void A_long_period_is_cut()
    {
        Write(LevelRegisters.Period, ulong.MaxValue);
        Assert.Equal(1ul << 52, Read(LevelRegisters.Period));
        Write(LevelRegisters.Control, 1);
        Assert.Equal(1, _bench.Armed);
    }

    [Fact]
    public void A_level_device_and_its_raw_copy_behave_alike() => Step.CheckAll(steps =>
    {
        var (firstBench, secondBench) = (new SourceBench(), new SourceBench());
        var (first, second) = (new LevelDevice(firstBench), new LevelDevice(secondBench));
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

    private static ulong Apply(LevelDevice device, SourceBench bench, Step step)
    {
        var offset = (ulong)(step.Place % 6 * 8);
        switch (step.Action % 3)
        {
            case 0:
                device.Write(offset, 8, step.Value & 0x3F, bench.Now);
                return 0;
            case 1:
                device.Read(offset, 8, out var value);
                return value;
            default:
                bench.WaitUntil(bench.Now + VirtualTime.FromNanoseconds(step.Place % 100), (_, now) => device.Expire(now));
                return 0;
        }
    }

    private void Wait(long untilNanoseconds) => _bench.WaitUntil(VirtualTime.FromNanoseconds(untilNanoseconds), (_, now) => _device.Expire(now));

    private void Write(int register, ulong value) => Assert.Equal(AccessOutcome.Done, _device.Write((ulong)register, 8, value, _bench.Now));

    private ulong Read(int register)
    {
        Assert.Equal(AccessOutcome.Done, _device.Read((ulong)register, 8, out var value));
        return value;
    }
}
