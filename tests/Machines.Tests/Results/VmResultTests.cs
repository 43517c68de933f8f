using Trapline.Actors.Guests;
using Trapline.Actors.Statistics;
using Trapline.Devices.LoongArch;
using Trapline.Machines.Results;
using Trapline.Machines.Tests.Guests;
using Trapline.Messages;
using Xunit;

namespace Trapline.Machines.Tests.Results;

/// <summary>A VM that has been on two hosts counts as one.</summary>
public sealed class VmResultTests
{
    /// <summary>The interval, in ps, whose first multiple in a lock's history reaches 600 us: 1 ns doubled 12 times.</summary>
    private const long Longer = 4_096_000;

    private static readonly GuestProgram Program = GuestRun.Assemble("""
        start:
        mark work.begin, 0
        count done, 1
        mark work.end, 1
        mark seen, 0
        exit 0

        """, 1);

    [Fact]
    public void A_machine_with_one_host_is_as_it_was()
    {
        using var run = GuestRun.Passing("start:\ncount done, 1\nexit 0\n", vcpus: 2);
        var node = run.Result();
        var vm = new VmResult(run.Program, [node]);

        Assert.Equal(node.Vcpus, vm.Vcpus);
        Assert.Same(node.Boards.Single(), vm.Board);
        Assert.Equal(0, vm.Host);
        Assert.Empty(vm.Migrations);
    }

    [Fact]
    public void Counts_of_both_hosts_add_up_per_vcpu()
    {
        var vcpu = Assert.Single(Vm([Node(0, 10), Node(1, 3)]).Vcpus);
        var statistics = vcpu.Statistics;

        Assert.Equal(13, statistics.Counters[0]);
        Assert.Equal((13UL, 26UL), (vcpu.ConfigurationExits, vcpu.HypercallExits));
        Assert.Equal((13L, 13L), (statistics.OwnFates.Raised, statistics.SoftwareFates.Handled));
        Assert.Equal((13UL, 13UL), (statistics.HostInterruptExits, statistics.IdleExits));
        Assert.Equal(13, statistics.Taken[CpuLines.Ipi]);
        Assert.Equal(13, statistics.Exits.Rows().Single().Row.Count);
        Assert.Equal(13, statistics.Latencies[0]!.Count);
        Assert.Equal((2L, 2UL), (statistics.Ledger.Sections[0].Passes, statistics.Ledger.Sections[0].Operations));
        Assert.Equal(13, statistics.Ledger.Counts[0]);
        Assert.Equal([3L, 10], statistics.Marks.Where(mark => Program.Marks[mark.Name] == "seen").Select(mark => mark.At.Picoseconds));
        Assert.Equal(2, statistics.MarkCounts[Program.Marks.ToList().IndexOf("seen")]);
    }

    [Fact]
    public void Units_and_boards_of_both_hosts_add_up()
    {
        var vm = Vm([Node(0, 10), Node(1, 3)]);
        var unit = Assert.Single(vm.Ipis).Value;

        Assert.Equal((13L, 13UL, 26UL, 39UL), (unit.Fates.Raised, unit.ReadExits, unit.WriteExits, unit.SentToNobody));
        Assert.Equal((13L, 13UL, 26UL), (vm.Board.Fates.Raised, vm.Board.EiointcReadExits, vm.Board.EiointcWriteExits));
        Assert.Equal((39UL, 52UL), (vm.Board.PicReadExits, vm.Board.PicWriteExits));
        Assert.Equal((13L, 13L), (vm.Board.BigLock.Acquisitions, vm.Board.BigLock.WaitTotal.Picoseconds));
    }

    [Fact]
    public void What_holds_at_the_end_is_that_of_the_host_where_the_vm_is()
    {
        var node = Node(0, 10);
        node.Migrations.Add(MigrationRowsTests.Completed(1_000));
        NodeResult[] nodes = [node, Node(1, 3)];

        var (there, here) = (Vm(nodes), Vm([Node(0, 10), Node(1, 3)]));

        Assert.Equal((1, 0), (there.Host, here.Host));
        Assert.Equal((3L, 10L), (there.Board.Masked, here.Board.Masked));
        Assert.Equal((6L, 20L), (there.Board.MaskedAtPic, here.Board.MaskedAtPic));
        Assert.Equal((false, true), (there.Vcpus[0].IpiMasked, here.Vcpus[0].IpiMasked));
    }

    [Fact]
    public void Migrations_of_all_nodes_come_in_the_order_in_which_they_began()
    {
        var (first, second) = (Node(0, 1), Node(1, 1));
        first.Migrations.Add(MigrationRowsTests.Completed(3_000));
        first.Migrations.Add(MigrationRowsTests.Completed(1_000));
        second.Migrations.Add(MigrationRowsTests.Completed(2_000));

        Assert.Equal([1_000_000L, 2_000_000, 3_000_000], Vm([first, second]).Migrations.Select(migration => migration.Asked.Picoseconds));
    }

    [Theory]
    [InlineData(10, 600_000)]
    [InlineData(600_000, 10)]
    public void Histories_of_locks_with_other_intervals_come_to_the_longer_one(long first, long second)
    {
        var (one, other) = (LockAt(first, queue: 3), LockAt(second, queue: 2));
        one.Merge(other);

        Assert.Equal(Longer, one.Interval.Picoseconds);
        Assert.Equal(3, one.GreatestQueue);
        Assert.Equal(first < second ? 3 : 2, one.History[0]);
        Assert.Equal(first < second ? 2 : 3, one.History[(int)(600_000_000L / Longer)]);
    }

    private static VmResult Vm(NodeResult[] nodes) => new(Program, nodes);

    private static LockStatistics LockAt(long nanoseconds, int queue)
    {
        var statistics = new LockStatistics();
        for (var i = 0; i < queue; i++)
        {
            statistics.Enqueued(VirtualTime.FromNanoseconds(nanoseconds));
        }

        for (var i = 0; i < queue; i++)
        {
            statistics.Dequeued(VirtualTime.FromNanoseconds(nanoseconds));
        }

        return statistics;
    }

    /// <summary>One vCPU, one unit, one board of a host; everything was counted so many times.</summary>
    private static NodeResult Node(int machine, int times)
    {
        var node = new NodeResult(Program);
        var vcpu = new VcpuResult(Program) { Machine = machine, IpiMasked = machine == 0, ConfigurationExits = (ulong)times, HypercallExits = 2 * (ulong)times };
        var unit = new IpiResult { ReadExits = (ulong)times, WriteExits = 2 * (ulong)times, SentToNobody = 3 * (ulong)times, Fates = new() { Raised = times } };
        var board = new BoardResult
        {
            Machine = machine,
            Masked = times,
            MaskedAtPic = 2 * times,
            Fates = new() { Raised = times },
            EiointcReadExits = (ulong)times,
            EiointcWriteExits = 2 * (ulong)times,
            PicReadExits = 3 * (ulong)times,
            PicWriteExits = 4 * (ulong)times,
        };
        var statistics = vcpu.Statistics;
        for (var i = 0; i < times; i++)
        {
            statistics.Count(0, 1);
            statistics.OwnFates.Raised++;
            statistics.SoftwareFates.Handled++;
            statistics.HostInterruptExit();
            statistics.IdleExit();
            statistics.InterruptTaken(CpuLines.Ipi);
            statistics.Exits.Add(0, new(1));
            statistics.Latency(0, new(1));
            board.BigLock.Acquired(new(1));
        }

        foreach (var (name, at) in new[] { ("work.begin", 1L), ("work.end", 2), ("seen", times) })
        {
            var mark = Program.Marks.ToList().IndexOf(name);
            statistics.Mark(mark, new(at), 1);
            statistics.Ledger.Mark(mark, new(at), 1);
        }

        statistics.Ledger.Add(default, times, 0L);
        node.Vcpus.Add(vcpu);
        node.Ipis.Add(unit);
        node.Boards.Add(board);
        return node;
    }
}
