using Trapline.Actors.Faults;
using Trapline.Actors.Kernel;
using Trapline.Machines.Boards;
using Trapline.Machines.Results;
using Trapline.Machines.Tests.Controllers;
using Trapline.Messages;
using Xunit;

namespace Trapline.Machines.Tests.Guests;

/// <summary>Several machines, which reach one another by their doorbells and by nothing else.</summary>
public sealed class DoorbellTests
{
    private static readonly VirtualTime Link = VirtualTime.FromNanoseconds(10_000);

    /// <summary>CPU 0 of machine 0 rings vector 0 of machine 1 once; machine 1's takes the interrupt.</summary>
    private const string OneRing = """
        .align 4096
        handler:
            mark taken, 0
            exit 0

        start:
            la   t0, handler
            csr.write t0, EENTRY
            li   t0, 0x3fc
            csr.write t0, ECFG
            li   t0, 0x01010101
            iocsr.write.w t0, [0x1c40]
            iocsr.write.w t0, [0x14c0]
            li   t0, -1
            iocsr.write.d t0, [0x1608]
            li   t0, 0x40031000
            li   t1, 0x2ff00000
            mmio.write.d t1, [t0]
            li   t1, 64
            mmio.write.d t1, [t0 + 8]
            li   t0, 0x40030000
            mmio.read.w t2, [t0 + 8]
            bnez t2, .wait
            work 100us
            li   t1, 0x10000
            mark rings, 0
            mmio.write.w t1, [t0 + 12]
            work 1ms
            exit 1
        .wait:
            li   t0, 4
            move t1, t0
            csr.xchg t1, t0, CRMD
            work 1ms
            exit 2

        """;

    [Fact]
    public void A_ring_takes_the_access_the_link_and_the_systems_calls()
    {
        using var run = new GuestRun(OneRing, machines: new(2, Link)).ToEnd();
        Assert.True(run.End is { Reason: EndReason.Exit, Code: 0 }, run.End?.Detail);
        var (rings, taken) = (MarkAt(run, 0, "rings"), MarkAt(run, 1, "taken"));

        // Half of the access until it is acted on, its way to the VMM and on; J in halves about the write of the eventfd; the link; at
        // the other end J until its middle again, the vector's line, the kick, what the vCPU needs to come back in.
        var least = (5357 / 2) + 150 + 10_000 + 150 + 250 + 2700;
        Assert.InRange((taken - rings).Picoseconds / VirtualTime.PerNanosecond, least, least + 500);
    }

    [Fact]
    public void The_link_is_waited_out_exactly()
    {
        using var near = new GuestRun(OneRing, machines: new(2, Link)).ToEnd();
        using var far = new GuestRun(OneRing, machines: new(2, Link + new VirtualTime(1_234_567))).ToEnd();
        Assert.Equal(new VirtualTime(1_234_567), MarkAt(far, 1, "taken") - MarkAt(near, 1, "taken"));
    }

    [Fact]
    public void Between_machines_boards_alone_have_a_path()
    {
        using var run = new GuestRun(OneRing, vcpus: 2, machines: new(3, Link));
        var plan = run.Plan;
        Assert.Equal(9, plan.Groups.Count);
        Assert.Equal(["machine0.vcpu0", "machine0.vcpu1", "machine0.board", "machine1.vcpu0"], plan.Groups.Take(4).Select(group => group.Name));
        Assert.Equal([0, 0, 0, 1, 1, 1, 2, 2, 2], plan.Groups.Select(group => group.Host));
        for (var from = 0; from < 9; from++)
        {
            for (var to = 0; to < 9; to++)
            {
                var path = plan.Paths.Between(plan.PathClassOf(from), plan.PathClassOf(to));
                var expected = from / 3 == to / 3 ? VirtualTime.FromNanoseconds(25) : from % 3 == 2 && to % 3 == 2 ? Link : VirtualTime.Never;
                Assert.Equal(expected, path.Latency);
            }
        }

        Assert.Equal((VirtualTime.FromNanoseconds(25), Link), (plan.Lookahead, plan.Greatest));
        Assert.Equal(Link, plan.LookaheadBetween(Placement.Blocks(9, 3)));
        Assert.Equal(VirtualTime.FromNanoseconds(25), plan.LookaheadBetween(Placement.Blocks(9, 2)));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(null, true)]
    [InlineData(3, false)]
    public void Groups_are_called_what_placement_calls_them(int? machines, bool isMigratable)
    {
        using var run = new GuestRun("start:\nexit 0\n", vcpus: 2, machines: machines is { } count ? new(count, Link) : null, migrations: isMigratable ? [] : null);
        Assert.Equal(run.Plan.Groups.Select(group => group.Name), GroupNames.All(2, machines, isMigratable));
    }

    [Fact]
    public void One_machine_may_ring_itself()
    {
        using var run = new GuestRun(OneRing.Replace("bnez t2, .wait", "", StringComparison.Ordinal).Replace("li   t1, 0x10000", "li   t1, 0", StringComparison.Ordinal)
            .Replace("work 1ms\n    exit 1", "b .wait", StringComparison.Ordinal), machines: new(1, Link)).ToEnd();
        Assert.True(run.End is { Reason: EndReason.Exit, Code: 0 }, run.End?.Detail);
    }

    [Theory]
    [InlineData(Irqchip.Kernel, BigLock.On)]
    [InlineData(Irqchip.Kernel, BigLock.Off)]
    [InlineData(Irqchip.User, BigLock.On)]
    [InlineData(Irqchip.User, BigLock.Off)]
    public void Each_ring_has_one_fate_wherever_the_controllers_are(Irqchip irqchip, BigLock bigLock)
    {
        var until = VirtualTime.FromNanoseconds(900_000);
        using var run = new GuestRun(
            RingingGuest.Source, RingingGuest.Vcpus, settings: new() { Irqchip = irqchip, BigLock = bigLock }, machines: new(2, Link), until: until, options: new() { Invariants = true }).ToEnd();
        var result = run.Result();
        Assert.Empty(new RunJudge([result.Observed]).Violations());
        var board = new VmResult(run.Program, [result], areSeveral: true).Board;
        var rings = board.Doorbell;
        Assert.True(rings.Sent > 300 && rings.Arrived > 300 && rings.Coalesced > 0 && board.Fates.Handled > 20, $"{rings}");

        // On each board one message may be between the table and the controller.
        Assert.InRange(rings.Arrived - rings.Coalesced - rings.Masked - rings.Signalled - board.Fates.Raised, 0, 2);
        Assert.Equal(2, rings.Masked);
    }

    [Fact]
    public void Machines_count_apart()
    {
        using var run = new GuestRun(RingingGuest.Source, RingingGuest.Vcpus, machines: new(2, Link), until: VirtualTime.FromNanoseconds(300_000)).ToEnd();
        var vm = new VmResult(run.Program, [run.Result()], areSeveral: true);
        Assert.Equal([(0, 0), (0, 1), (1, 0), (1, 1)], vm.Vcpus.Select(vcpu => (vcpu.Machine, vcpu.Index)));
        Assert.Equal(4, vm.Ipis.Count);
        Assert.Equal(run.Result().Boards.Sum(board => board.Doorbell.Sent), vm.Board.Doorbell.Sent);
    }

    [Fact]
    public void A_ring_that_is_lost_is_missed()
    {
        using var run = new GuestRun(OneRing, machines: new(2, Link), options: new() { Invariants = true }, faults: [new() { Kind = FaultKind.Drop, Message = MessageKind.DoorbellRing, Nth = 1 }]).ToEnd();
        Assert.NotEqual(0UL, run.End!.Code);
        var violation = Assert.Single(new RunJudge([run.Result().Observed]).Violations());
        Assert.Contains("1 are missing", violation.Text, StringComparison.Ordinal);
    }

    private static VirtualTime MarkAt(GuestRun run, int machine, string name)
    {
        var vcpu = run.Result().Vcpus.Single(vcpu => vcpu.Machine == machine && vcpu.Index == 0);
        return Assert.Single(vcpu.Statistics.Marks, mark => run.Program.Marks[mark.Name] == name).At;
    }
}
