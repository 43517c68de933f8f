using Trapline.Devices.LoongArch;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Devices.LoongArch.Timer;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>
/// The timer vectors. Where a vCPU is descheduled, nobody tells the timer that it came due: it learns when
/// the vCPU enters the guest again.
/// </summary>
public sealed class ConstantTimerTests
{
    private const ulong OneShot = 0x401;
    private const ulong Periodic = 0x403;
    private const ulong Greatest = (1ul << 48) - 1;
    private static readonly VirtualTime Start = VirtualTime.FromNanoseconds(3);

    private readonly RecordingHost _host = new();
    private readonly CsrFile _csrs;

    public ConstantTimerTests() => _csrs = new CsrFile(_host, LoongArchProfiles.Kvm, 7, ConstantTimer.DefaultTick);

    private bool Pending => (_csrs.Interrupts.ReadCsr(Csr.Estat) & (1 << CpuLines.Timer)) != 0;

    [Fact]
    public void C6_a_one_shot_fires_after_its_ticks_and_counts_on_below_zero()
    {
        Write(Csr.Tcfg, OneShot, 0);
        Assert.Equal(After(1024), _host.Armed);
        Assert.Equal(1024ul, Read(Csr.Tval, 0));
        Run(1023);
        Assert.False(Pending);
        Assert.Equal(1ul, Read(Csr.Tval, 1023));
        Run(1024);
        Assert.True(Pending);
        Assert.Equal(Greatest, Read(Csr.Tval, 1024));
        Assert.Equal(Greatest - 6, Read(Csr.Tval, 1030));
        Assert.Equal(OneShot, Read(Csr.Tcfg, 1030));
        Write(Csr.Ticlr, 1, 1030);
        Run(100_000);
        Assert.False(Pending);
    }

    [Theory]
    [InlineData("kvm", OneShot)]
    [InlineData("kvm-6.18", OneShot)]
    [InlineData("kvm-6.16", OneShot)]
    [InlineData("kvm-6.13", OneShot)]
    [InlineData("qemu-11", OneShot & ~1ul)]
    [InlineData("qemu-7.2", OneShot & ~1ul)]
    public void C6_a_one_shot_that_ran_out_stays_enabled_but_in_qemu(string profile, ulong configuration)
    {
        var csrs = new CsrFile(_host, LoongArchProfiles.Find(profile)!, 7, ConstantTimer.DefaultTick);
        csrs.WriteCsr(Csr.Tcfg, OneShot, After(0));
        csrs.Timer.Expire(After(1023));
        Assert.Equal(OneShot, csrs.ReadCsr(Csr.Tcfg, After(1023)));
        csrs.Timer.Expire(After(1024));
        Assert.Equal(1ul << CpuLines.Timer, csrs.Interrupts.ReadCsr(Csr.Estat));
        Assert.Equal(configuration, csrs.ReadCsr(Csr.Tcfg, After(1024)));
        Assert.True(csrs.ReadCsr(Csr.Tval, After(1030)) > OneShot);

        csrs.WriteCsr(Csr.Tcfg, Periodic, After(2000));
        csrs.Timer.Expire(After(2000 + 1024));
        Assert.Equal(Periodic, csrs.ReadCsr(Csr.Tcfg, After(2000 + 1024)));
    }

    [Fact]
    public void C7_a_periodic_timer_fires_at_each_multiple_and_never_drifts()
    {
        Write(Csr.Tcfg, Periodic, 0);
        for (var n = 1; n <= 5; n++)
        {
            Run((1024 * n) - 1);
            Assert.False(Pending);
            Run(1024 * n);
            Assert.True(Pending);
            Assert.Equal(1024ul, Read(Csr.Tval, 1024 * n));
            Write(Csr.Ticlr, 1, (1024 * n) + 5);
            Assert.Equal(1024ul - 5, Read(Csr.Tval, (1024 * n) + 5));
            Assert.Equal(After(1024 * (n + 1)), _host.Armed);
        }
    }

    [Fact]
    public void C8_TI_stays_until_TICLR_is_written_with_one()
    {
        Write(Csr.Tcfg, OneShot, 0);
        Run(1024);
        Write(Csr.Ticlr, 0, 1025);
        Assert.True(Pending);
        Write(Csr.Ticlr, 1, 1026);
        Assert.False(Pending);
        Assert.Equal(0ul, Read(Csr.Ticlr, 1026));
    }

    [Fact]
    public void C9_a_stopped_timer_does_not_fire()
    {
        Write(Csr.Tcfg, OneShot, 0);
        Write(Csr.Tcfg, 0, 24);
        Assert.True(_host.Armed.IsNever);
        _csrs.Timer.Expire(After(100_000));
        Assert.False(Pending);
        Assert.Equal(1000ul, Read(Csr.Tval, 100_000));
    }

    [Theory]
    [InlineData(TimerRestore.KeepsRemaining, 0x200)]
    [InlineData(TimerRestore.FiresAtOnce, 0)]
    public void C10_a_restored_one_shot_goes_on_or_with_the_quirk_fires_at_once(TimerRestore restore, int ticks)
    {
        var bench = new MachineBench(restore);
        var (csrs, host) = (bench.Cpus[0].Csrs, bench.Cpus[0].CsrHost);
        Set(bench.Uapi[0], Csr.Tval, 0x200);
        Set(bench.Uapi[0], Csr.Tcfg, OneShot);
        Assert.True(host.Armed.IsNever);
        csrs.EnterGuest(After(5000));
        if (ticks > 0)
        {
            Assert.Equal(0ul, csrs.Interrupts.ReadCsr(Csr.Estat));
            Assert.Equal(After(5000 + ticks), host.Armed);
            csrs.Timer.Expire(host.Armed);
        }

        Assert.Equal(1ul << CpuLines.Timer, csrs.Interrupts.ReadCsr(Csr.Estat));
        Assert.Equal(OneShot, csrs.ReadCsr(Csr.Tcfg, After(6000)));
    }

    [Theory]
    [InlineData(TimerRestore.KeepsRemaining)]
    [InlineData(TimerRestore.FiresAtOnce)]
    public void C11_an_expired_and_acknowledged_one_shot_does_not_fire_again(TimerRestore restore)
    {
        Write(Csr.Tcfg, OneShot, 0);
        Run(1024);
        Write(Csr.Ticlr, 1, 1100);
        _csrs.EnterGuest(After(9000));
        Assert.False(Pending);

        var restored = SaveAndRestore(9000, 12_000, restore);
        Assert.False(restored.Interrupts.WakesIdle);
        Assert.Equal(0ul, restored.ReadCsr(Csr.Estat, After(50_000)));
        Assert.True(restored.ReadCsr(Csr.Tval, After(50_000)) > OneShot);
    }

    [Theory]
    [InlineData(TimerRestore.KeepsRemaining)]
    [InlineData(TimerRestore.FiresAtOnce)]
    public void C12_an_expired_one_shot_is_pending_exactly_once(TimerRestore restore)
    {
        Write(Csr.Tcfg, OneShot, 0);
        _csrs.EnterGuest(After(9000));
        Assert.True(Pending);
        Assert.True(Read(Csr.Tval, 9000) > OneShot);

        var restored = SaveAndRestore(9000, 12_000, restore);
        Assert.Equal(1ul << CpuLines.Timer, restored.ReadCsr(Csr.Estat, After(12_000)));
        restored.WriteCsr(Csr.Ticlr, 1, After(12_000));
        Assert.Equal(0ul, restored.ReadCsr(Csr.Estat, After(90_000)));
        Assert.Single(_host.Log, entry => entry.Contains("Raised", StringComparison.Ordinal));
    }

    [Fact]
    public void C13_periods_that_pass_unseen_give_one_TI_and_keep_the_phase()
    {
        Write(Csr.Tcfg, Periodic, 0);
        _csrs.EnterGuest(After(2560));
        Assert.True(Pending);
        Assert.Equal(512ul, Read(Csr.Tval, 2560));
        Assert.Single(_host.Log, entry => entry.Contains("Raised", StringComparison.Ordinal));
        Write(Csr.Ticlr, 1, 2560);
        Assert.Equal(After(3072), _host.Armed);
        Run(3071);
        Assert.False(Pending);
        Run(3072);
        Assert.True(Pending);
    }

    [Fact]
    public void A_restored_periodic_timer_goes_on_or_with_the_quirk_fires_and_changes_its_phase()
    {
        foreach (var restore in new[] { TimerRestore.KeepsRemaining, TimerRestore.FiresAtOnce })
        {
            var bench = new MachineBench(restore);
            var (csrs, host) = (bench.Cpus[0].Csrs, bench.Cpus[0].CsrHost);
            Set(bench.Uapi[0], Csr.Tcfg, Periodic);
            Set(bench.Uapi[0], Csr.Tval, 100);
            var now = new VirtualTime((1024 * 3 * 10_000) + 10_000);
            csrs.EnterGuest(now);
            var quirk = restore == TimerRestore.FiresAtOnce;
            Assert.Equal(quirk, csrs.ReadCsr(Csr.Estat, now) != 0);
            Assert.Equal(quirk ? 1023ul : 100ul, csrs.ReadCsr(Csr.Tval, now));
        }
    }

    [Fact]
    public void A_timer_that_user_space_has_set_waits_for_the_guest_entry()
    {
        var bench = new MachineBench();
        Write(Csr.Tcfg, OneShot, 0);
        bench.Cpus[0].Csrs.WriteCsr(Csr.Tcfg, OneShot, Start);
        Set(bench.Uapi[0], Csr.Tval, 50);
        Assert.True(bench.Cpus[0].CsrHost.Armed.IsNever);
        Assert.Equal(50ul, bench.Cpus[0].Csrs.ReadCsr(Csr.Tval, After(900_000)));
        Assert.Equal(0ul, bench.Cpus[0].Csrs.ReadCsr(Csr.Estat, After(900_000)));
        Set(bench.Uapi[0], Csr.Tcfg, 0);
        bench.Cpus[0].Csrs.EnterGuest(After(900_000));
        Assert.Equal(50ul, bench.Cpus[0].Csrs.ReadCsr(Csr.Tval, After(999_999)));
    }

    [Fact]
    public void A_start_value_of_zero_fires_at_the_write_and_periodically_at_each_tick()
    {
        Write(Csr.Tcfg, 1, 0);
        Assert.True(Pending);
        Assert.True(_host.Armed.IsNever);
        Write(Csr.Ticlr, 1, 0);
        Write(Csr.Tcfg, 3, 10);
        Assert.True(Pending);
        Assert.Equal(After(11), _host.Armed);
        Assert.Equal(1ul, Read(Csr.Tval, 10));
    }

    [Fact]
    public void The_start_value_has_48_bits()
    {
        Write(Csr.Tcfg, ulong.MaxValue & ~2ul, 0);
        Assert.Equal(Greatest & ~2ul, Read(Csr.Tcfg, 0));
        Assert.Equal(Greatest & ~3ul, Read(Csr.Tval, 0));
        Assert.False(Pending);
    }

    [Fact]
    public void A_write_of_TCFG_replaces_the_expiry_that_was_set()
    {
        Write(Csr.Tcfg, OneShot, 0);
        Write(Csr.Tcfg, OneShot, 1000);
        Run(2023);
        Assert.False(Pending);
        Run(2024);
        Assert.True(Pending);
    }

    [Fact]
    public void A_fraction_of_a_tick_counts_as_not_yet_passed()
    {
        Write(Csr.Tcfg, OneShot, 0);
        var halfATick = new VirtualTime(ConstantTimer.DefaultTick.Picoseconds / 2);
        Assert.Equal(1024ul, _csrs.ReadCsr(Csr.Tval, Start + halfATick));
        Assert.Equal(1ul, _csrs.ReadCsr(Csr.Tval, After(1023) + halfATick));
    }

    [Fact]
    public void The_stable_counter_counts_ticks_and_CNTC_moves_it()
    {
        Assert.Equal(123ul, _csrs.Timer.StableCounter(VirtualTime.FromNanoseconds(1239)));
        Write(Csr.Cntc, unchecked((ulong)-23L), 0);
        Assert.Equal(100ul, _csrs.Timer.StableCounter(VirtualTime.FromNanoseconds(1239)));
        Assert.Equal(unchecked((ulong)-23L), Read(Csr.Cntc, 0));
    }

    [Fact]
    public void TID_starts_as_the_vcpus_number_and_has_32_bits()
    {
        Assert.Equal(7ul, Read(Csr.Tid, 0));
        Write(Csr.Tid, 0x1_0000_0009, 0);
        Assert.Equal(9ul, Read(Csr.Tid, 0));
    }

    [Fact]
    public void TVAL_is_read_only_for_the_guest()
    {
        Write(Csr.Tcfg, OneShot, 0);
        Write(Csr.Tval, 5, 24);
        Assert.Equal(1000ul, Read(Csr.Tval, 24));
    }

    [Fact]
    public void A_tick_that_is_no_clock_is_an_error()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new CsrFile(_host, LoongArchProfiles.Kvm, 0, VirtualTime.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CsrFile(_host, LoongArchProfiles.Kvm, 0, VirtualTime.FromNanoseconds(1001)));
    }

    [Fact]
    public void Impossible_state_is_refused()
    {
        ulong[][] impossible = [[0, 1ul << 48, 0, 0, 0, 0], [0, 0, 0, 6, 0, 0], [0, 0, 0, 0, 1ul << 48, 0], [0, 0, 0, 1, 0, 1ul << 63]];
        foreach (var rows in impossible)
        {
            var writer = new StateWriter();
            writer.Row("rows", rows);
            Assert.Throws<StateFormatException>(() => RawState.Load(_csrs.Timer.SyncState, writer.Written.ToArray()));
        }
    }

    /// <summary>A vCPU that user space holds has its timer held: what is read is of one instant, and the rest comes afterwards.</summary>
    [Theory]
    [InlineData(0x1001, 0)]
    [InlineData(0x1003, 0)]
    [InlineData(0x1001, 5000)]
    [InlineData(0x1003, 5000)]
    [InlineData(0x1000, 0)]
    public void A_held_timer_stands_still_and_goes_on(int configuration, int ran)
    {
        Write(Csr.Tcfg, (ulong)configuration, 0);
        _csrs.ReadCsr(Csr.Estat, After(ran));
        _csrs.LeaveRun(After(ran + 7));
        var (count, status) = (Read(Csr.Tval, ran + 7), Read(Csr.Estat, ran + 7));
        Assert.Equal((count, status), (Read(Csr.Tval, 90_000), Read(Csr.Estat, 90_000)));
        _csrs.EnterGuest(After(90_000));
        Assert.Equal((count, status), (Read(Csr.Tval, 90_000), Read(Csr.Estat, 90_000)));
        var moves = (configuration & 1) != 0 ? 3UL : 0;
        Assert.Equal(count - moves, Read(Csr.Tval, 90_003));
    }

    [Fact]
    public void The_state_table_has_the_names_of_the_manual() =>
        Assert.Equal(["TID", "TCFG", "CNTC", "phase", "stopped at", "zero at"], RawState.Names(_csrs.Timer.SyncState));

    private static VirtualTime After(int ticks) => Start + new VirtualTime(ticks * ConstantTimer.DefaultTick.Picoseconds);

    private static void Set(CpuUapi uapi, int number, ulong value) =>
        Assert.Equal(0, uapi.SetOneRegister(OneRegister.OfCsr(number), value, Start));

    private ulong Read(int number, int ticks) => _csrs.ReadCsr(number, After(ticks));

    private void Write(int number, ulong value, int ticks) => _csrs.WriteCsr(number, value, After(ticks));

    /// <summary>Lets the armed timer come due, as often as it does until then.</summary>
    private void Run(int ticks)
    {
        while (_host.Armed <= After(ticks))
        {
            var due = _host.Armed;
            _host.Armed = VirtualTime.Never;
            _csrs.Timer.Expire(due);
        }
    }

    /// <summary>The registers of a descheduled vCPU through user space into a new one, which then runs.</summary>
    private CsrFile SaveAndRestore(int savedAt, int runsAt, TimerRestore restore)
    {
        var source = new CpuUapi(_csrs, new CpuIdMap(1), 0);
        var target = new CsrFile(_host, LoongArchProfiles.Kvm, 7, ConstantTimer.DefaultTick, restore);
        var uapi = new CpuUapi(target, new CpuIdMap(1), 0);
        foreach (var number in new[] { Csr.Estat, Csr.Tid, Csr.Cntc, Csr.Tval, Csr.Tcfg })
        {
            Assert.Equal(0, source.GetOneRegister(OneRegister.OfCsr(number), After(savedAt), out var value));
            Assert.Equal(0, uapi.SetOneRegister(OneRegister.OfCsr(number), value, After(savedAt)));
        }

        target.EnterGuest(After(runsAt));
        return target;
    }
}
