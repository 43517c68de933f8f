using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;
using R = Trapline.Devices.Arm.Cpu.SgiFrameRegisters;

namespace Trapline.Devices.Tests.Arm;

/// <summary>The SGI frame of a redistributor, and PPIs.</summary>
public sealed class CpuFrameTests
{
    private const uint Ppi23 = 1u << 23;

    public static TheoryData<string> Profiles => [.. GicProfiles.All.Select(profile => profile.Name)];

    [Theory, InlineData("kvm", 0xFFFF, 0x0000_0000, uint.MaxValue), InlineData("qemu-11", 0, 0xAAAA_AAAA, 0)]
    public void V_D16_registers_after_reset_and_the_configuration_of_PPIs(string profile, uint enabled, uint ppiConfiguration, uint groups)
    {
        var bench = new CpuBench(1, GicProfiles.Find(profile));
        Assert.Equal((enabled, enabled), (bench.ReadFrame(0, R.SetEnable), bench.ReadFrame(0, R.ClearEnable)));
        Assert.Equal((0xAAAA_AAAA, 0u), (bench.ReadFrame(0, R.SgiConfiguration), bench.ReadFrame(0, R.PpiConfiguration)));
        Assert.Equal((groups, 0u, 0u, 0u), (bench.ReadFrame(0, R.Group), bench.ReadFrame(0, R.SetPending), bench.ReadFrame(0, R.SetActive), bench.ReadFrame(0, R.Priority)));
        bench.WriteFrame(0, R.PpiConfiguration, uint.MaxValue);
        bench.WriteFrame(0, R.SgiConfiguration, 0);
        Assert.Equal((0xAAAA_AAAA, ppiConfiguration), (bench.ReadFrame(0, R.SgiConfiguration), bench.ReadFrame(0, R.PpiConfiguration)));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_S12_a_PPI_is_of_its_CPU_and_follows_its_wire(string profile)
    {
        var bench = new CpuBench(4, GicProfiles.Find(profile)).Prepared();
        for (var n = 0; n < 4; n++)
        {
            bench.WriteFrame(n, R.SetEnable, Ppi23);
        }

        bench.Cpus[1].DrivePpi(23, true);
        Assert.Equal([1023, 1023, 1023], new[] { 0, 2, 3 }.Select(bench.Acknowledge));
        Assert.Equal(Ppi23, bench.ReadFrame(1, R.SetPending));
        Assert.Equal(23, bench.Acknowledge(1));
        Assert.Equal((Ppi23, Ppi23), (bench.ReadFrame(1, R.SetPending), bench.ReadFrame(1, R.SetActive)));
        bench.Cpus[1].DrivePpi(23, false);
        Assert.Equal(0u, bench.ReadFrame(1, R.SetPending));
        bench.End(1, 23);
        Assert.Equal((1023, 0u), (bench.Acknowledge(1), bench.ReadFrame(1, R.SetActive)));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void A_PPI_whose_wire_stays_high_comes_again_after_its_end(string profile)
    {
        var bench = WithPpi(profile);
        bench.Cpus[0].DrivePpi(23, true);
        Assert.Equal(23, bench.Acknowledge(0));
        Assert.Equal(1023, bench.Acknowledge(0));
        bench.End(0, 23);
        Assert.Equal(23, bench.Acknowledge(0));
    }

    /// <summary>V-S01 and V-S04 for a private interrupt: ICPENDR takes the latch, not the wire; a latch outlives a pulse and not an acknowledge.</summary>
    [Theory, MemberData(nameof(Profiles))]
    public void Latch_and_wire_of_a_level_triggered_PPI_are_apart(string profile)
    {
        var bench = WithPpi(profile);
        bench.Cpus[0].DrivePpi(23, true);
        bench.WriteFrame(0, R.ClearPending, Ppi23);
        Assert.Equal(Ppi23, bench.ReadFrame(0, R.ClearPending));
        bench.WriteFrame(0, R.SetPending, Ppi23);
        bench.Cpus[0].DrivePpi(23, false);
        Assert.Equal(Ppi23, bench.ReadFrame(0, R.SetPending));
        Assert.Equal(23, bench.Acknowledge(0));
        Assert.Equal(0u, bench.ReadFrame(0, R.SetPending));
    }

    [Fact]
    public void An_edge_triggered_PPI_is_latched_by_its_rise()
    {
        var bench = WithPpi("qemu-11");
        bench.WriteFrame(0, R.PpiConfiguration, 2u << ((23 - 16) * 2));
        Assert.Equal(2u << 14, bench.ReadFrame(0, R.PpiConfiguration));
        bench.Cpus[0].DrivePpi(23, true);
        bench.Cpus[0].DrivePpi(23, false);
        Assert.Equal([23], bench.Deliver(0));
        bench.Cpus[0].DrivePpi(23, true);
        bench.Cpus[0].DrivePpi(23, true);
        Assert.Equal([23], bench.Deliver(0));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void An_active_interrupt_waits_until_ICACTIVER(string profile)
    {
        // V-S11 for a private interrupt.
        var bench = new CpuBench(1, GicProfiles.Find(profile)).Prepared();
        bench.WriteFrame(0, R.SetActive, 4);
        bench.WriteFrame(0, R.SetPending, 4);
        Assert.Equal((1023, false), (bench.Acknowledge(0), bench.Cpus[0].IrqLine));
        bench.WriteFrame(0, R.ClearActive, 4);
        Assert.Equal([2], bench.Deliver(0));
    }

    [Fact]
    public void In_KVM_a_priority_has_five_bits()
    {
        // V-D04 for private interrupts.
        var bench = new CpuBench(1);
        bench.WriteFrame(0, R.Priority + 4, uint.MaxValue);
        Assert.Equal(0xF8F8_F8F8, bench.ReadFrame(0, R.Priority + 4));
        bench.WriteFrame(0, R.Priority + 5, 0x5A, 1);
        Assert.Equal((0xF8F8_58F8, 0x58u), (bench.ReadFrame(0, R.Priority + 4), bench.ReadFrame(0, R.Priority + 5, 1)));
    }

    [Fact]
    public void In_QEMU_a_priority_has_eight_bits_and_the_lowest_never_comes()
    {
        var bench = new CpuBench(1, GicProfiles.Qemu11).Prepared();
        bench.WriteFrame(0, R.Priority, 0xFF41_4041);
        Assert.Equal(0xFF41_4041, bench.ReadFrame(0, R.Priority));
        bench.Write(0, IccRegister.Sgi1R, 0x0300_0001);
        Assert.Equal(1023ul, bench.Read(0, IccRegister.Hppir1));

        // All eight bits decide who is first, though five decide who preempts.
        bench.Write(0, IccRegister.Sgi1R, 1);
        bench.Write(0, IccRegister.Sgi1R, 0x0100_0001);
        Assert.Equal(1, bench.Acknowledge(0));
        Assert.Equal(1023, bench.Acknowledge(0));
    }

    [Theory]
    [InlineData(R.SetEnable, 2), InlineData(R.SetEnable, 1), InlineData(R.SetEnable, 8), InlineData(R.SetEnable + 1, 4), InlineData(R.Priority, 2)]
    [InlineData(R.Priority, 8), InlineData(R.Priority + 1, 4), InlineData(R.PriorityEnd, 1), InlineData(0, 4), InlineData(0xFFE8, 4), InlineData(ulong.MaxValue, 1), InlineData(R.Group, 0)]
    public void What_has_no_register_is_read_as_zero_and_not_written(ulong offset, int size)
    {
        foreach (var profile in GicProfiles.All)
        {
            var bench = new CpuBench(1, profile).Prepared();
            var before = RawState.Save(bench.Cpus[0].SyncState);
            Assert.Equal(AccessOutcome.Done, bench.Cpus[0].WriteFrame(offset, size, ulong.MaxValue));
            Assert.Equal(AccessOutcome.Done, bench.Cpus[0].ReadFrame(offset, size, out var value));
            Assert.Equal(0ul, value);
            Assert.Equal(before, RawState.Save(bench.Cpus[0].SyncState));
            Assert.Equal([ReportKind.Refused, ReportKind.Refused], bench.Hosts[0].Reports.Select(report => report.Kind));
            Assert.Equal(AccessDetail.Of(offset, size, isWrite: true), bench.Hosts[0].Reports[0].Detail);
        }
    }

    [Theory, InlineData(R.GroupModifier), InlineData(R.NonSecureAccess)]
    public void There_is_but_one_security_state(ulong offset)
    {
        var bench = new CpuBench(1);
        bench.WriteFrame(0, offset, uint.MaxValue);
        Assert.Equal(0u, bench.ReadFrame(0, offset));
        Assert.Empty(bench.Hosts[0].Reports);
    }

    [Fact]
    public void With_fixed_groups_everything_is_of_group_1()
    {
        var bench = new CpuBench(1);
        bench.WriteFrame(0, R.Group, 0);
        bench.Cpus[0].SetDistributorEnable(3 | GicCpu.GroupsFixed);
        Assert.Equal(uint.MaxValue, bench.ReadFrame(0, R.Group));
        bench.WriteFrame(0, R.Group, 0);
        Assert.Equal(uint.MaxValue, bench.ReadFrame(0, R.Group));
    }

    [Fact]
    public void A_wire_that_no_PPI_has_is_an_error()
    {
        var cpu = new CpuBench(1).Cpus[0];
        Assert.Throws<ArgumentOutOfRangeException>(() => cpu.DrivePpi(15, true));
        Assert.Throws<ArgumentOutOfRangeException>(() => cpu.DrivePpi(32, true));
        Assert.Throws<ArgumentOutOfRangeException>(() => cpu.TrySetSgi(16, SgiKind.Sgi1));
        Assert.Throws<ArgumentOutOfRangeException>(() => cpu.TrySetSgi(-1, SgiKind.Sgi1));
    }

    private static CpuBench WithPpi(string profile)
    {
        var bench = new CpuBench(1, GicProfiles.Find(profile)).Prepared();
        bench.WriteFrame(0, R.SetEnable, Ppi23);
        return bench;
    }
}
