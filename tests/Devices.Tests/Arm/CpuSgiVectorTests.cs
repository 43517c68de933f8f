using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Profiles;

namespace Trapline.Devices.Tests.Arm;

/// <summary>Vectors 13.3 of the specification: who gets an SGI.</summary>
public sealed class CpuSgiVectorTests
{
    private const ulong Broadcast = 1UL << 40;
    private const uint Group1But0 = uint.MaxValue - 1;

    public static TheoryData<string> Profiles => [.. GicProfiles.All.Select(profile => profile.Name)];

    [Theory, MemberData(nameof(Profiles))]
    public void V_C02_a_list_of_targets(string profile)
    {
        var bench = Prepared(profile);
        bench.Write(0, IccRegister.Sgi1R, 0x0500_000A);
        Assert.Equal([[], [5], [], [5]], bench.DeliverAll());
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_C03_a_broadcast_leaves_out_its_sender_and_ignores_the_list(string profile)
    {
        var bench = Prepared(profile);
        bench.Write(2, IccRegister.Sgi1R, Broadcast | 0x0700_0000 | 0xFFFF);
        Assert.Equal([[7], [7], [], [7]], bench.DeliverAll());
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_C04_an_affinity_that_nobody_has_reaches_nobody(string profile)
    {
        var bench = Prepared(profile);
        bench.Write(0, IccRegister.Sgi1R, 0x0501_000F);
        bench.Write(0, IccRegister.Sgi1R, (1UL << 48) | 0x0500_000F);
        bench.Write(0, IccRegister.Sgi1R, (1UL << 32) | 0x0500_000F);
        Assert.Equal([[], [], [], []], bench.DeliverAll());

        // RS is ignored.
        bench.Write(0, IccRegister.Sgi1R, (1UL << 44) | 0x0500_000F);
        Assert.Equal([[5], [5], [5], [5]], bench.DeliverAll());
    }

    [Fact]
    public void V_C19_in_KVM_SGI1R_reaches_group_0()
    {
        var bench = Prepared("kvm");
        bench.WriteFrame(0, SgiFrameRegisters.Group, Group1But0);
        bench.Write(0, IccRegister.IgrpEn0, 1);
        bench.Write(0, IccRegister.Sgi1R, 1);
        Assert.Equal((0ul, 1023ul), (bench.Read(0, IccRegister.Hppir0), bench.Read(0, IccRegister.Hppir1)));
        Assert.Equal((true, false), (bench.Cpus[0].FiqLine, bench.Cpus[0].IrqLine));
        Assert.Equal((1023ul, 0ul), (bench.Read(0, IccRegister.Iar1), bench.Read(0, IccRegister.Iar0)));
        Assert.Equal((0x0010_0000ul, 0ul), (bench.Read(0, IccRegister.Ap0R0), bench.Read(0, IccRegister.Ap1R0)));
        bench.Write(0, IccRegister.Eoir0, 0);
        Assert.Equal((0xFFul, 0u), (bench.Read(0, IccRegister.Rpr), bench.ReadFrame(0, SgiFrameRegisters.SetActive)));
    }

    [Fact]
    public void V_C19_in_QEMU_SGI1R_does_not_reach_group_0()
    {
        var bench = Prepared("qemu-11");
        bench.WriteFrame(0, SgiFrameRegisters.Group, Group1But0);
        bench.Write(0, IccRegister.IgrpEn0, 1);
        bench.Write(0, IccRegister.Sgi1R, 1);
        Assert.Equal((1023ul, 0u), (bench.Read(0, IccRegister.Hppir0), bench.ReadFrame(0, SgiFrameRegisters.SetPending)));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_C20_SGI0R_and_ASGI1R_reach_group_0_alone(string profile)
    {
        foreach (var register in new[] { IccRegister.Sgi0R, IccRegister.Asgi1R })
        {
            var bench = Prepared(profile);
            bench.Write(0, IccRegister.IgrpEn0, 1);
            bench.Write(0, register, 1);
            Assert.Equal(0u, bench.ReadFrame(0, SgiFrameRegisters.SetPending));
            bench.WriteFrame(0, SgiFrameRegisters.Group, Group1But0);
            bench.Write(0, register, 1);
            Assert.True(bench.Cpus[0].FiqLine);
            Assert.Equal(0ul, bench.Read(0, IccRegister.Iar0));
        }
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_C21_a_disabled_SGI_waits(string profile)
    {
        var bench = Prepared(profile);
        bench.WriteFrame(0, SgiFrameRegisters.ClearEnable, 4);
        bench.Write(1, IccRegister.Sgi1R, 0x0200_0001);
        Assert.Equal((4u, 1023), (bench.ReadFrame(0, SgiFrameRegisters.SetPending), bench.Acknowledge(0)));
        bench.WriteFrame(0, SgiFrameRegisters.SetEnable, 4);
        Assert.Equal([2], bench.Deliver(0));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_C25_a_list_reaches_the_sixteen_of_one_Aff1(string profile)
    {
        var bench = Prepared(profile, 256);
        bench.Write(17, IccRegister.Sgi1R, (0xFul << 16) | (9ul << 24) | 0x8001);
        var delivered = bench.DeliverAll();
        Assert.All(Enumerable.Range(0, 256), n => Assert.Equal(n is 240 or 255 ? [9] : [], delivered[n]));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_C26_a_broadcast_reaches_the_255_others(string profile)
    {
        var bench = Prepared(profile, 256);
        bench.Write(17, IccRegister.Sgi1R, Broadcast | (9ul << 24));
        var delivered = bench.DeliverAll();
        Assert.All(Enumerable.Range(0, 256), n => Assert.Equal(n == 17 ? [] : [9], delivered[n]));
    }

    [Fact]
    public void U6_three_rounds_of_the_IPI_test()
    {
        var bench = Prepared("kvm", 8);
        bench.Write(1, IccRegister.Sgi1R, 2);
        Assert.Equal([[], [0], [], [], [], [], [], []], bench.DeliverAll());
        bench.Write(1, IccRegister.Sgi1R, 0x55);
        Assert.Equal([[0], [], [0], [], [0], [], [0], []], bench.DeliverAll());
        bench.Write(1, IccRegister.Sgi1R, Broadcast);
        Assert.Equal([[0], [], [0], [0], [0], [0], [0], [0]], bench.DeliverAll());
    }

    [Fact]
    public void U7_an_interrupt_ended_by_ICACTIVER_does_not_come_again()
    {
        var bench = Prepared("kvm");
        bench.Write(0, IccRegister.Sgi1R, 1);
        Assert.Equal(0, bench.Acknowledge(0));
        bench.WriteFrame(0, SgiFrameRegisters.ClearActive, 1);
        Assert.Equal(1023, bench.Acknowledge(0));
    }

    /// <summary>Defect B23: ids 0, 3, 1, 2 in the order of creation; the vCPU of id 3 broadcasts.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public void B23_a_broadcast_is_about_indices(bool isDefect)
    {
        var profile = GicProfiles.Kvm with { TargetsByIndex = isDefect };
        var bench = new CpuBench(new VcpuIds([0, 3, 1, 2]), profile).Prepared();
        bench.Write(1, IccRegister.Sgi1R, Broadcast);
        var got = bench.DeliverAll();

        // By index: 0 is always reached; the defect signals the sender (1) and misses index 3, which is its id.
        Assert.Equal(isDefect ? [[0], [0], [0], []] : [[0], [], [0], [0]], got);
    }

    [Fact]
    public void Targets_of_a_list_are_found_by_affinity_whatever_the_order_of_creation()
    {
        var ids = new VcpuIds([0, 3, 1, 2, 18]);
        var request = new SgiRequest(0x0E);
        Assert.Equal([2, 3, 1], Targets(request, ids));
        Assert.Equal([4], Targets(new SgiRequest((1 << 16) | 4), ids));
    }

    [Fact]
    public void A_position_goes_on_where_it_was_left()
    {
        var ids = VcpuIds.Ascending(512);
        var request = new SgiRequest(Broadcast);
        var position = 0;
        for (var i = 0; i < 100; i++)
        {
            Assert.True(request.TryNext(ids, 50, ref position, out _));
        }

        Assert.True(request.TryNext(ids, 50, ref position, out var next));
        Assert.Equal(101, next);
        position = int.MaxValue;
        Assert.False(request.TryNext(ids, 50, ref position, out _));
        position = -1;
        Assert.False(request.TryNext(ids, 50, ref position, out _));
    }

    [Fact]
    public void Every_id_is_found_by_its_affinity_and_no_other_affinity_is()
    {
        var ids = VcpuIds.Ascending(512);
        Assert.All(Enumerable.Range(0, 512), id => Assert.Equal(id, ids.IndexOfAffinity(CpuAffinity.Of(id))));
        Assert.Equal(VcpuIds.Absent, ids.IndexOfAffinity(0x10));
        Assert.Equal(VcpuIds.Absent, ids.IndexOfAffinity(77));
        Assert.Equal(VcpuIds.Absent, ids.IndexOfAffinity(0x2000));
        Assert.Equal(VcpuIds.Absent, ids.IndexOfAffinity(0x0100_0000));
    }

    [Fact]
    public void Impossible_ids_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new VcpuIds([]));
        Assert.Throws<ArgumentException>(() => new VcpuIds([1, 1]));
        Assert.Throws<ArgumentException>(() => new VcpuIds([-1]));
        Assert.Throws<ArgumentException>(() => VcpuIds.Ascending(513));
    }

    private static CpuBench Prepared(string profile, int cpus = 4) => new CpuBench(cpus, GicProfiles.Find(profile)).Prepared();

    private static List<int> Targets(SgiRequest request, VcpuIds ids)
    {
        var targets = new List<int>();
        var position = 0;
        while (request.TryNext(ids, 0, ref position, out var target))
        {
            targets.Add(target);
        }

        return targets;
    }
}
