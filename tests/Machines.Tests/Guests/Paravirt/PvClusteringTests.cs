using Xunit;

namespace Trapline.Machines.Tests.Guests.Paravirt;

/// <summary>The numbered vectors G1 to G24: how the guest library gathers a mask into hypercalls.</summary>
public sealed class PvClusteringTests
{
    private const ulong All = ulong.MaxValue;
    private const ulong Top = 1ul << 63;

    private static void Gathers(IReadOnlyList<int> ids, params (ulong Low, ulong High, ulong Base)[] calls) => Gathers(ids, [], calls);

    private static void Gathers(IReadOnlyList<int> ids, IReadOnlyList<int> pending, params (ulong Low, ulong High, ulong Base)[] calls)
    {
        using var run = new PvMulticast { Ids = ids, Pending = pending, Deaf = true }.Run();
        Assert.Equal(calls, PvMulticast.Calls(run, 0));
        Assert.Equal((ulong)calls.Length, run.Vcpu(0).HypercallExits);
        Assert.Equal(0, PvMulticast.All(run, "ipi_write IPI_SEND"));

        // Whom a call names has it pending, once, and nobody else.
        var named = calls.SelectMany(call => Enumerable.Range(0, 128)
            .Where(bit => (((bit < 64 ? call.Low : call.High) >> (bit % 64)) & 1) != 0)
            .Select(bit => (int)call.Base + bit)).Order().ToList();
        Assert.Equal(ids.Except(pending).Order(), named);
        Assert.Equal(named, Enumerable.Range(0, 256).Where(cpu => run.Vcpu(cpu).Statistics.SoftwareFates.Raised == 1));
        Assert.Equal(named.Count, Enumerable.Range(0, 256).Sum(cpu => (int)run.Vcpu(cpu).Statistics.SoftwareFates.Raised));
    }

    private static int[] From(int first, int last) => [.. Enumerable.Range(first, last - first + 1)];

    [Fact]
    public void G1_the_first_16() => Gathers(From(0, 15), (0xFFFF, 0, 0));

    [Fact]
    public void G2_all_but_the_first() => Gathers(From(1, 15), (0x7FFF, 0, 1));

    [Fact]
    public void G3_a_full_window() => Gathers(From(0, 127), (All, All, 0));

    [Fact]
    public void G4_two_full_windows() => Gathers(From(0, 255), (All, All, 0), (All, All, 128));

    [Fact]
    public void G5_one_to_255() => Gathers(From(1, 255), (All, All, 1), (All, 0x7FFF_FFFF_FFFF_FFFF, 129));

    [Fact]
    public void G6_all_but_one_in_the_middle() =>
        Gathers([.. From(0, 255).Where(id => id != 100)], (All, 0xFFFF_FFEF_FFFF_FFFF, 0), (All, All, 128));

    [Fact]
    public void G7_both_ends_of_a_window() => Gathers([0, 127], (1, Top, 0));

    [Fact]
    public void G8_128_apart_does_not_fit() => Gathers([0, 128], (1, 0, 0), (1, 0, 128));

    [Fact]
    public void G9_a_window_begins_anywhere() => Gathers([5, 132], (1, Top, 5));

    [Fact]
    public void G10_and_ends_there() => Gathers([5, 133], (1, 0, 5), (1, 0, 133));

    [Fact]
    public void G11_a_window_grows_downwards() => Gathers([10, 3, 1], (0x205, 0, 1));

    [Fact]
    public void G12_downwards_and_upwards() => Gathers([100, 20, 147], (1, 0x8000_0000_0001_0000, 20));

    [Fact]
    public void G13_upwards_from_where_it_begins_then() => Gathers([100, 20, 148], (1, 0x10000, 20), (1, 0, 148));

    [Fact]
    public void G14_far_apart_in_turns_is_the_worst() => Gathers([0, 200, 1, 201], (1, 0, 0), (1, 0, 200), (1, 0, 1), (1, 0, 201));

    [Fact]
    public void G15_downwards_counts_from_the_highest() => Gathers([1, 128, 0], (1, Top, 1), (1, 0, 0));

    [Fact]
    public void G16_downwards_by_a_whole_window() => Gathers([127, 0, 1], (3, Top, 0));

    [Fact]
    public void G17_downwards_by_one_too_many() => Gathers([255, 128, 127], (1, Top, 128), (1, 0, 127));

    [Fact]
    public void G18_holes() => Gathers([0, 63, 64, 127, 128, 200, 255], (0x8000_0000_0000_0001, 0x8000_0000_0000_0001, 0), (1, 0x8000_0000_0000_0100, 128));

    [Fact]
    public void G19_each_sixteenth()
    {
        const ulong Each = 0x0001_0001_0001_0001;
        Gathers([.. From(0, 15).Select(i => 16 * i)], (Each, Each, 0), (Each, Each, 128));
    }

    [Fact]
    public void G20_each_second()
    {
        const ulong Each = 0x5555_5555_5555_5555;
        Gathers([.. From(0, 127).Select(i => 2 * i)], (Each, Each, 0), (Each, Each, 128));
    }

    [Fact]
    public void G21_who_has_something_pending_is_left_out() => Gathers(From(0, 15), [3, 7], (0xFF77, 0, 0));

    [Fact]
    public void G22_all_pending_is_no_call() => Gathers(From(0, 15), From(0, 15));

    [Fact]
    public void G23_an_empty_mask_touches_nothing()
    {
        using var run = new PvMulticast { Ids = [], Deaf = true }.Run();
        Assert.Empty(PvMulticast.Calls(run, 0));
        Assert.Equal(0, PvMulticast.All(run, "ipi_write IPI_SEND"));
        // Four words of a mask are looked at, and not one message.
        Assert.True(run.Between(0, "begin", "end") < 4 * 120_000, $"{run.Between(0, "begin", "end")} ps");
    }

    [Fact]
    public void G24_the_boot_action_goes_natively()
    {
        using var run = new PvMulticast { Ids = From(1, 3), Action = 0, Deaf = true }.Run();
        Assert.Empty(PvMulticast.Calls(run, 0));
        Assert.Equal(0ul, run.Vcpu(0).HypercallExits);
        Assert.Equal(3, run.Exits(0, "ipi_write IPI_SEND").Count);
        Assert.Equal([1, 2, 3], Enumerable.Range(0, 256).Where(cpu => run.Ipi(cpu).Fates.Raised == 1));
    }
}
