using Xunit;

namespace Trapline.Machines.Tests.Guests.Paravirt;

/// <summary>Traps of one round of IPIs, counted: the tables of ascending masks and of hostile orders.</summary>
public sealed class PvTrapTableTests
{
    private static readonly string[] GuestTraps =
        ["ipi_write IPI_SEND", "ipi_read STATUS", "ipi_write CLEAR", "hypercall", "hypercall (unknown code)"];

    /// <summary>First id, stride, how many, the caller, and the base of each window.</summary>
    public static TheoryData<int, int, int, int, ulong[]> Ascending() => new()
    {
        { 7, 1, 1, 0, [7] },
        { 1, 1, 15, 0, [1] },
        { 0, 1, 16, 16, [0] },
        { 0, 1, 64, 64, [0] },
        { 0, 1, 128, 128, [0] },
        { 0, 1, 129, 129, [0, 128] },
        { 1, 1, 255, 0, [1, 129] },
        { 0, 8, 16, 1, [0] },
        { 0, 16, 16, 1, [0, 128] },
        { 0, 17, 16, 1, [0, 136] },
        { 0, 4, 64, 1, [0, 128] },
        { 0, 3, 85, 1, [0, 129] },
        { 0, 2, 128, 1, [0, 128] },
        { 0, 255, 2, 1, [0, 255] },
    };

    /// <summary>How many pairs of i and second + i.</summary>
    public static TheoryData<int, int> Hostile() => new() { { 8, 200 }, { 32, 160 }, { 64, 192 }, { 127, 129 } };

    [Theory]
    [MemberData(nameof(Ascending))]
    public void Ascending_masks(int first, int stride, int count, int caller, ulong[] bases) =>
        Check([.. Enumerable.Range(0, count).Select(i => first + (i * stride))], caller, bases);

    [Fact]
    public void All_but_self_in_the_middle() => Check([.. Enumerable.Range(0, 256).Where(id => id != 100)], 100, [0, 128]);

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_orders_need_a_call_for_each(int pairs, int second)
    {
        var ids = Enumerable.Range(0, pairs).SelectMany(i => new[] { i, second + i }).ToArray();
        // Of the calls only the first are noted; all are counted.
        Check(ids, 128, null);
    }

    /// <summary>Forced exits are a row of their own, and the same in each scheme: 257 against 1,020 where the targets run.</summary>
    [Fact]
    public void One_to_255_running()
    {
        int[] ids = [.. Enumerable.Range(1, 255)];
        using var pv = new PvMulticast { Ids = ids, TargetsRun = true }.Run();
        Assert.Equal((2L, 255L), (Traps(pv), PvMulticast.All(pv, "int")));
        using var iocsr = new PvMulticast { Ids = ids, TargetsRun = true, Paravirt = false }.Run();
        Assert.Equal((765L, 255L), (Traps(iocsr), PvMulticast.All(iocsr, "int")));
        Assert.Equal(255ul, Enumerable.Range(0, 256).Aggregate(0ul, (sum, cpu) => sum + pv.Vcpu(cpu).Statistics.HostInterruptExits));
    }

    [Fact]
    public void One_to_255_asleep_receives_without_a_trap()
    {
        int[] ids = [.. Enumerable.Range(1, 255)];
        using var pv = new PvMulticast { Ids = ids }.Run();
        using var iocsr = new PvMulticast { Ids = ids, Paravirt = false }.Run();
        Assert.Equal((0L, 510L), (Received(pv), Received(iocsr)));
        Assert.Equal((0L, 0L), (PvMulticast.All(pv, "int"), PvMulticast.All(iocsr, "int")));
        Assert.Equal((2L, 765L), (Traps(pv), Traps(iocsr)));
    }

    private static void Check(int[] ids, int caller, ulong[]? bases)
    {
        using var pv = new PvMulticast { Ids = ids, Caller = caller }.Run();
        var calls = bases?.Length ?? ids.Length;
        Assert.Equal((calls, (ulong)calls), (PvMulticast.Hypercalls(pv, caller).Count, pv.Vcpu(caller).HypercallExits));
        Assert.Equal((calls, 0L), (Traps(pv), Received(pv)));
        Assert.Equal(bases ?? [.. ids.Take(21).Select(id => (ulong)id)], PvMulticast.Calls(pv, caller).Select(call => call.Base));
        Assert.Equal(ids.Length, Handled(pv));

        using var iocsr = new PvMulticast { Ids = ids, Caller = caller, Paravirt = false }.Run();
        Assert.Equal(ids.Length, iocsr.Exits(caller, "ipi_write IPI_SEND").Count);
        Assert.Equal((3L * ids.Length, 2L * ids.Length), (Traps(iocsr), Received(iocsr)));
        Assert.Equal(ids.Length, Handled(iocsr));
    }

    private static long Traps(GuestRun run) => GuestTraps.Sum(reason => PvMulticast.All(run, reason));

    private static long Received(GuestRun run) => PvMulticast.All(run, "ipi_read STATUS") + PvMulticast.All(run, "ipi_write CLEAR");

    private static long Handled(GuestRun run) => Enumerable.Range(0, 256).Sum(cpu => run.Counter(cpu, "handled"));
}
