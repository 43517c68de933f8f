using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Timer;
using Trapline.Messages;

namespace Trapline.Devices.Tests.Arm;

/// <summary>The generic timer: counters, compare values, levels, and what it arms.</summary>
public sealed class GenericTimerTests
{
    private readonly RecordingHost _host = new();
    private readonly GenericTimer _timer;
    private VirtualTime _now;

    public GenericTimerTests() => _timer = new GenericTimer(_host, GenericTimer.DefaultTick);

    [Fact]
    public void The_counters_count_at_their_frequency()
    {
        Assert.Equal(62_500_000ul, Read(SystemRegister.CntfrqEl0));
        _now = new VirtualTime(VirtualTime.PerSecond);
        Assert.Equal((62_500_000ul, 62_500_000ul), (Read(SystemRegister.CntvctEl0), Read(SystemRegister.CntpctEl0)));
        _now = new VirtualTime(15_999);
        Assert.Equal(0ul, Read(SystemRegister.CntvctEl0));
    }

    [Theory]
    [InlineData(SystemRegister.CntvCtlEl0, SystemRegister.CntvCvalEl0, GenericTimer.VirtualPin, GenericTimer.VirtualTimer)]
    [InlineData(SystemRegister.CntpCtlEl0, SystemRegister.CntpCvalEl0, GenericTimer.PhysicalPin, GenericTimer.PhysicalTimer)]
    public void The_output_is_high_from_CVAL_on_and_falls_when_CVAL_moves(ushort control, ushort compare, int pin, int timer)
    {
        Write(compare, 100);
        Write(control, 1);
        Assert.Contains($"arm {timer} 1.6us", _host.Log);
        At(1_599);
        Assert.Equal((1ul, false), (Read(control), _host.Level(pin)));
        At(1_600);
        Assert.Equal((5ul, true), (Read(control), _host.Level(pin)));
        At(9_999);
        Assert.Single(_host.Log, $"pin {pin} high");
        Write(compare, 1_000);
        Assert.False(_host.Level(pin));
        At(16_000);
        Assert.True(_host.Level(pin));
        Write(control, 0);
        Assert.Equal((0ul, false), (Read(control), _host.Level(pin)));
    }

    [Fact]
    public void A_masked_timer_shows_its_condition_and_drives_nothing()
    {
        Write(SystemRegister.CntvCtlEl0, 3);
        Assert.Equal((7ul, false), (Read(SystemRegister.CntvCtlEl0), _host.Level(GenericTimer.VirtualPin)));
        Write(SystemRegister.CntvCtlEl0, 1);
        Assert.True(_host.Level(GenericTimer.VirtualPin));
        Write(SystemRegister.CntvCtlEl0, 0);
        Assert.Equal(0ul, Read(SystemRegister.CntvCtlEl0));
    }

    [Fact]
    public void TVAL_is_what_is_left_as_32_bits()
    {
        At(1_600);
        Write(SystemRegister.CntvTvalEl0, 50);
        Assert.Equal((150ul, 50ul), (Read(SystemRegister.CntvCvalEl0), Read(SystemRegister.CntvTvalEl0)));
        At(3_200);
        Assert.Equal(0xFFFF_FFCEul, Read(SystemRegister.CntvTvalEl0));
        Write(SystemRegister.CntvTvalEl0, 0xFFFF_FFFF);
        Assert.Equal(199ul, Read(SystemRegister.CntvCvalEl0));
        Write(SystemRegister.CntvCtlEl0, 1);
        Assert.True(_host.Level(GenericTimer.VirtualPin));
    }

    [Fact]
    public void A_time_that_does_not_come_is_not_armed()
    {
        Write(SystemRegister.CntvCtlEl0, 1);
        foreach (var never in new[] { ulong.MaxValue, ulong.MaxValue / 2, (ulong)long.MaxValue / 16_000 + 1 })
        {
            _host.Log.Clear();
            Write(SystemRegister.CntvCvalEl0, never);
            Assert.DoesNotContain(_host.Log, line => line.StartsWith("arm 0", StringComparison.Ordinal));
        }

        Write(SystemRegister.CntvCvalEl0, (ulong)long.MaxValue / 16_000);
        Assert.Contains(_host.Log, line => line.StartsWith("arm 0", StringComparison.Ordinal));
    }

    [Fact]
    public void A_VM_that_comes_from_elsewhere_keeps_its_time()
    {
        At(1_000_000);
        _timer.SetVirtualCount(100, _now);
        Assert.Equal((100ul, 62_500ul, 62_400ul), (Read(SystemRegister.CntvctEl0), Read(SystemRegister.CntpctEl0), _timer.VirtualOffset));
        Write(SystemRegister.CntvCvalEl0, 110);
        Write(SystemRegister.CntvCtlEl0, 1);
        Assert.Contains($"arm 0 {VirtualTime.FromNanoseconds(1_000_160)}", _host.Log);

        // A counter that is ahead of the host's.
        _timer.SetVirtualCount(1_000_000, _now);
        Assert.True(_host.Level(GenericTimer.VirtualPin));
        _timer.SetPhysicalCount(5, _now);
        Assert.Equal((1_000_000ul, 5ul), (Read(SystemRegister.CntvctEl0), Read(SystemRegister.CntpctEl0)));
    }

    [Fact]
    public void A_stopped_vCPU_gets_its_interrupt_when_it_goes_on()
    {
        Write(SystemRegister.CntvCvalEl0, 100);
        Write(SystemRegister.CntvCtlEl0, 1);
        At(800);
        _host.Log.Clear();
        _timer.Hold(_now);
        Assert.Equal(["cancel 0", "cancel 1"], _host.Log);
        At(3_200);
        Assert.False(_host.Level(GenericTimer.VirtualPin));
        _timer.Resume(_now);
        Assert.True(_host.Level(GenericTimer.VirtualPin));
    }

    [Fact]
    public void A_tick_that_is_no_whole_frequency_is_an_error()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new GenericTimer(_host, VirtualTime.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GenericTimer(_host, new VirtualTime(7)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GenericTimer(_host, new VirtualTime(VirtualTime.PerMillisecond)));
    }

    private void At(long nanoseconds)
    {
        _now = VirtualTime.FromNanoseconds(nanoseconds);
        _timer.Expire(_now);
    }

    private ulong Read(ushort encoding)
    {
        Assert.True(_timer.TryRead(encoding, _now, out var value));
        return value;
    }

    private void Write(ushort encoding, ulong value) => Assert.True(_timer.TryWrite(encoding, value, _now));
}
