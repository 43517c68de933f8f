using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Profiles;

namespace Trapline.Devices.Tests.Arm;

/// <summary>Vectors 13.3 of the specification: registers of the CPU interface, acknowledge, end, preemption. Alike in all profiles.</summary>
public sealed class CpuInterfaceVectorTests
{
    private const ulong Pending = SgiFrameRegisters.SetPending;
    private const ulong Active = SgiFrameRegisters.SetActive;

    public static TheoryData<string> Profiles => [.. GicProfiles.All.Select(profile => profile.Name)];

    [Theory, MemberData(nameof(Profiles))]
    public void V_C01_registers_after_reset(string profile)
    {
        var bench = Fresh(profile);
        (IccRegister Register, ulong Value)[] expected =
        [
            (IccRegister.Sre, 7), (IccRegister.Pmr, 0), (IccRegister.Bpr0, 2), (IccRegister.Bpr1, 3), (IccRegister.IgrpEn0, 0), (IccRegister.IgrpEn1, 0),
            (IccRegister.Rpr, 0xFF), (IccRegister.Hppir1, 1023), (IccRegister.Iar1, 1023), (IccRegister.Ctlr, 0x8C00), (IccRegister.Ap0R0, 0), (IccRegister.Ap1R0, 0),
        ];
        Assert.All(expected, pair => Assert.Equal(pair.Value, bench.Read(0, pair.Register)));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_C05_an_SGI_to_oneself_waits_while_it_is_active(string profile)
    {
        var bench = Prepared(profile);
        Send(bench, 3);
        Assert.Equal(3, bench.Acknowledge(0));
        Send(bench, 3);
        Assert.Equal((8u, 8u), (bench.ReadFrame(0, Pending), bench.ReadFrame(0, Active)));
        Assert.Equal(1023, bench.Acknowledge(0));
        bench.End(0, 3);
        Assert.Equal(3, bench.Acknowledge(0));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_C06_a_priority_equal_to_the_mask_is_masked(string profile)
    {
        var bench = Prepared(profile);
        bench.SetPriority(0, 4, 0xF0);
        Send(bench, 4);
        Assert.Equal((4ul, 1023, false), (bench.Read(0, IccRegister.Hppir1), bench.Acknowledge(0), bench.Cpus[0].IrqLine));
        bench.Write(0, IccRegister.Pmr, 0xF8);
        Assert.True(bench.Cpus[0].IrqLine);
        Assert.Equal(4, bench.Acknowledge(0));
        Assert.False(bench.Cpus[0].IrqLine);
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_C07_the_mask_has_five_bits(string profile)
    {
        var bench = Prepared(profile);
        foreach (var (written, read) in new[] { (0xFFul, 0xF8ul), (0xF7ul, 0xF0ul), (0x07ul, 0x00ul) })
        {
            bench.Write(0, IccRegister.Pmr, written);
            Assert.Equal(read, bench.Read(0, IccRegister.Pmr));
        }
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_C08_only_a_more_urgent_one_preempts(string profile)
    {
        var bench = Prepared(profile);
        bench.SetPriority(0, 1, 0x80);
        bench.SetPriority(0, 2, 0x40);
        bench.SetPriority(0, 3, 0x84);
        Assert.Equal(profile == "kvm" ? 0x80u : 0x84u, bench.ReadFrame(0, SgiFrameRegisters.Priority + 3, 1));
        Send(bench, 1);
        Assert.Equal(1, bench.Acknowledge(0));
        Send(bench, 3);
        Assert.Equal((3ul, 1023), (bench.Read(0, IccRegister.Hppir1), bench.Acknowledge(0)));
        Send(bench, 2);
        Assert.Equal(2, bench.Acknowledge(0));
        Assert.Equal((0x40ul, 0x0001_0100ul), (bench.Read(0, IccRegister.Rpr), bench.Read(0, IccRegister.Ap1R0)));
        bench.End(0, 2);
        Assert.Equal(0x80ul, bench.Read(0, IccRegister.Rpr));
        bench.End(0, 1);
        Assert.Equal(0xFFul, bench.Read(0, IccRegister.Rpr));
        Assert.Equal(3, bench.Acknowledge(0));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_C09_three_deep(string profile)
    {
        var bench = Prepared(profile);
        foreach (var (sgi, priority) in new[] { (1, 0xC0), (2, 0x80), (3, 0x40) })
        {
            bench.SetPriority(0, sgi, (byte)priority);
            Send(bench, sgi);
            Assert.Equal(sgi, bench.Acknowledge(0));
            Assert.Equal((ulong)priority, bench.Read(0, IccRegister.Rpr));
        }

        Assert.Equal((0x0101_0100ul, 0xEu), (bench.Read(0, IccRegister.Ap1R0), bench.ReadFrame(0, Active)));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_C10_with_split_end_DIR_deactivates(string profile)
    {
        var bench = Prepared(profile);
        bench.Write(0, IccRegister.Ctlr, 2);
        Send(bench, 1);
        Assert.Equal(1, bench.Acknowledge(0));
        bench.End(0, 1);
        Assert.Equal((0xFFul, 2u), (bench.Read(0, IccRegister.Rpr), bench.ReadFrame(0, Active)));
        bench.Write(0, IccRegister.Dir, 1);
        Assert.Equal(0u, bench.ReadFrame(0, Active));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_C11_without_split_end_DIR_is_ignored(string profile)
    {
        var bench = Prepared(profile);
        Send(bench, 1);
        Assert.Equal(1, bench.Acknowledge(0));
        bench.Write(0, IccRegister.Dir, 1);
        Assert.Equal((0xA0ul, 2u), (bench.Read(0, IccRegister.Rpr), bench.ReadFrame(0, Active)));
        bench.End(0, 1);
        Assert.Equal((0xFFul, 0u), (bench.Read(0, IccRegister.Rpr), bench.ReadFrame(0, Active)));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_C12_binary_points_have_a_least_value(string profile)
    {
        var bench = Prepared(profile);
        bench.Write(0, IccRegister.Bpr1, 0);
        bench.Write(0, IccRegister.Bpr0, 0);
        Assert.Equal((3ul, 2ul), (bench.Read(0, IccRegister.Bpr1), bench.Read(0, IccRegister.Bpr0)));
        bench.Write(0, IccRegister.Bpr1, 7);
        Assert.Equal(7ul, bench.Read(0, IccRegister.Bpr1));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_C13_with_a_common_binary_point_BPR1_follows_BPR0(string profile)
    {
        var bench = Prepared(profile);
        bench.Write(0, IccRegister.Ctlr, 1);
        bench.Write(0, IccRegister.Bpr0, 2);
        Assert.Equal(3ul, bench.Read(0, IccRegister.Bpr1));
        bench.Write(0, IccRegister.Bpr1, 6);
        Assert.Equal(3ul, bench.Read(0, IccRegister.Bpr1));
        bench.Write(0, IccRegister.Bpr0, 7);
        Assert.Equal(7ul, bench.Read(0, IccRegister.Bpr1));
        bench.Write(0, IccRegister.Ctlr, 0);
        Assert.Equal(3ul, bench.Read(0, IccRegister.Bpr1));
    }

    [Theory, InlineData("kvm", 0x40, 2), InlineData("kvm", 0xA0, 1023), InlineData("qemu-11", 0x40, 2)]
    public void V_C14_the_binary_point_groups_priorities(string profile, byte priority, int acknowledged)
    {
        var bench = Prepared(profile);
        bench.Write(0, IccRegister.Bpr1, 7);
        bench.SetPriority(0, 1, 0x80);
        bench.SetPriority(0, 2, priority);
        Send(bench, 1);
        Assert.Equal(1, bench.Acknowledge(0));
        Send(bench, 2);
        Assert.Equal(acknowledged, bench.Acknowledge(0));
    }

    /// <summary>BPR1 = 5: the upper three bits are the group priority; what is acknowledged runs with those alone.</summary>
    [Theory, MemberData(nameof(Profiles))]
    public void A_group_priority_has_the_bits_above_the_binary_point(string profile)
    {
        var bench = Prepared(profile);
        bench.Write(0, IccRegister.Bpr1, 5);
        foreach (var (sgi, priority) in new[] { (1, 0xB8), (2, 0xA0), (3, 0x98) })
        {
            bench.SetPriority(0, sgi, (byte)priority);
        }

        Send(bench, 1);
        Assert.Equal((1, 0xA0ul, 1ul << 0x14), (bench.Acknowledge(0), bench.Read(0, IccRegister.Rpr), bench.Read(0, IccRegister.Ap1R0)));
        Send(bench, 2);
        Assert.Equal((2ul, 1023), (bench.Read(0, IccRegister.Hppir1), bench.Acknowledge(0)));
        Send(bench, 3);
        Assert.Equal((3, 0x80ul), (bench.Acknowledge(0), bench.Read(0, IccRegister.Rpr)));
        bench.End(0, 3);
        bench.End(0, 1);
        Assert.Equal(2, bench.Acknowledge(0));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_C15_ICACTIVER_leaves_the_running_priority(string profile)
    {
        var bench = Prepared(profile);
        Send(bench, 1);
        Assert.Equal(1, bench.Acknowledge(0));
        bench.WriteFrame(0, SgiFrameRegisters.ClearActive, 2);
        Assert.Equal((0u, 0xA0ul), (bench.ReadFrame(0, Active), bench.Read(0, IccRegister.Rpr)));
        bench.End(0, 1);
        Assert.Equal(0xFFul, bench.Read(0, IccRegister.Rpr));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_C16_a_group_that_is_off_at_the_CPU_interface_is_not_seen(string profile)
    {
        var bench = Prepared(profile);
        bench.Hand(0, 40);
        Assert.True(bench.Cpus[0].IrqLine);
        bench.Write(0, IccRegister.IgrpEn1, 0);
        Assert.Equal((1023ul, 1023, false), (bench.Read(0, IccRegister.Hppir1), bench.Acknowledge(0), bench.Cpus[0].IrqLine));
        bench.Write(0, IccRegister.IgrpEn1, 1);
        Assert.Equal(40, bench.Acknowledge(0));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_C17_of_private_interrupts_a_disabled_distributor_holds_them_back(string profile)
    {
        // SPI40 of the vector is withdrawn by the board; what is the CPU's own is gated here.
        var bench = Prepared(profile);
        Send(bench, 5);
        bench.Cpus[0].SetDistributorEnable(0);
        Assert.Equal((1023, false, 0x20u), (bench.Acknowledge(0), bench.Cpus[0].IrqLine, bench.ReadFrame(0, Pending)));
        bench.Cpus[0].SetDistributorEnable(3);
        Assert.Equal([5], bench.Deliver(0));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_C18_a_less_urgent_one_waits_for_the_end(string profile)
    {
        var bench = Prepared(profile);
        bench.Hand(0, 40);
        Assert.Equal(40, bench.Acknowledge(0));
        bench.Hand(0, 41, priority: 0xB0);
        Assert.Equal((41ul, 1023), (bench.Read(0, IccRegister.Hppir1), bench.Acknowledge(0)));
        bench.End(0, 40);
        Assert.Equal(41, bench.Acknowledge(0));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_C22_special_numbers_end_nothing(string profile)
    {
        var bench = Prepared(profile);
        Send(bench, 1);
        Assert.Equal(1, bench.Acknowledge(0));
        for (var special = 1020; special <= 1023; special++)
        {
            bench.End(0, special);
            Assert.Equal((0xA0ul, 2u), (bench.Read(0, IccRegister.Rpr), bench.ReadFrame(0, Active)));
        }

        bench.End(0, 1);
        bench.End(0, 1023);
        Assert.Equal((0xFFul, 0u), (bench.Read(0, IccRegister.Rpr), bench.ReadFrame(0, Active)));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_C23_the_more_urgent_and_then_the_lower_number(string profile)
    {
        var bench = Prepared(profile);
        foreach (var spi in new[] { 41, 39, 40 })
        {
            bench.Hand(0, spi);
        }

        Assert.Equal(39ul, bench.Read(0, IccRegister.Hppir1));
        bench.Hand(0, 41, priority: 0x50);
        Assert.Equal(41ul, bench.Read(0, IccRegister.Hppir1));
        Assert.Equal([41, 39, 40], bench.Deliver(0));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_C24_SGI_then_PPI_then_SPI_then_LPI(string profile)
    {
        var bench = Prepared(profile);
        bench.Hand(0, 8195);
        bench.Hand(0, 40);
        bench.WriteFrame(0, SgiFrameRegisters.SetEnable, 1u << 27);
        bench.Cpus[0].DrivePpi(27, true);
        Send(bench, 5);
        Send(bench, 3);
        Assert.Equal([3, 5], new[] { Handle(bench), Handle(bench) });
        Assert.Equal(27ul, bench.Read(0, IccRegister.Hppir1));
        bench.Cpus[0].DrivePpi(27, false);
        Assert.Equal([40, 8195], bench.Deliver(0));
    }

    private static int Handle(CpuBench bench)
    {
        var interruptId = bench.Acknowledge(0);
        bench.End(0, interruptId);
        return interruptId;
    }

    private static CpuBench Fresh(string profile) => new(4, GicProfiles.Find(profile));

    private static CpuBench Prepared(string profile) => Fresh(profile).Prepared();

    private static void Send(CpuBench bench, int sgi) => bench.Write(0, IccRegister.Sgi1R, ((ulong)sgi << 24) | 1);
}
