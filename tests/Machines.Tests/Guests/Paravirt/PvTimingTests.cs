using Xunit;

namespace Trapline.Machines.Tests.Guests.Paravirt;

/// <summary>
/// The numbered vectors Q4 to Q7 and the table of multicast scaling: exactly the time that the sender is outside the
/// guest. What the guest's own instructions and its atomics on the messages of others add is not in it.
/// </summary>
public sealed class PvTimingTests
{
    private const long PerNanosecond = 1_000;

    /// <summary>W, of which 16 make the futex-wake figure on bare metal; the model adds the IPIs to them.</summary>
    private const long WakeUpPath = 1_100;

    private static int[] First(int count, int from = 0) => [.. Enumerable.Range(from, count)];

    private static (long Count, long Nanoseconds) Sent(int[] ids, int caller, bool running = false)
    {
        using var run = new PvMulticast { Ids = ids, Caller = caller, TargetsRun = running }.Run();
        var (count, picoseconds) = PvMulticast.Hypercalls(run, caller);
        Assert.Equal(0, picoseconds % PerNanosecond);
        return (count, picoseconds / PerNanosecond);
    }

    [Fact]
    public void Q4_waking_15_by_IOCSR_in_the_kernel()
    {
        using var run = new PvMulticast { Ids = First(15, from: 1), Paravirt = false }.Run();
        var sent = run.Exits(0, "ipi_write IPI_SEND");
        Assert.Equal(15, sent.Count);
        Assert.Equal(56_165, (16 * WakeUpPath) + (sent.Total / PerNanosecond));
        // Each unit has had one write more: EN, when the IPIs were enabled.
        Assert.Equal((0ul, 15ul + 1), run.Ipi(0).Exits);
        Assert.Equal((15ul, 15ul + 15), First(15, from: 1).Select(cpu => run.Ipi(cpu).Exits).Aggregate((a, b) => (a.Reads + b.Reads, a.Writes + b.Writes)));
    }

    [Fact]
    public void Q5_16_idle_targets() => Assert.Equal((1, 13_883), Sent(First(16), 16));

    [Fact]
    public void Q6_255_idle_targets() => Assert.Equal((2, 203_936), Sent(First(255, from: 1), 0));

    [Fact]
    public void Q7_254_in_a_hostile_order() =>
        Assert.Equal((254, 516_382), Sent([.. First(127).SelectMany(i => new[] { i, 129 + i })], 128));

    [Theory]
    [InlineData(1, 1, 2_033, 1_513)]
    [InlineData(16, 1, 13_883, 5_563)]
    [InlineData(64, 1, 51_803, 18_523)]
    [InlineData(128, 1, 102_363, 35_803)]
    [InlineData(255, 2, 203_936, 71_336)]
    public void Multicast_scales_by_its_kicks(int targets, int calls, long idle, long running)
    {
        Assert.Equal((calls, idle), Sent(First(targets, from: 1), 0));
        Assert.Equal((calls, running), Sent(First(targets, from: 1), 0, running: true));
    }

    [Fact]
    public void What_the_guest_itself_adds_is_its_atomics_and_instructions()
    {
        using var run = new PvMulticast { Ids = First(255, from: 1) }.Run();
        var whole = run.Between(0, "begin", "end");
        var own = whole - PvMulticast.Hypercalls(run, 0).Picoseconds;
        // 255 messages and four words of the mask are in other groups, 100 ns each; the rest is instructions of 0.5 ns.
        var instructions = own - (259 * 100 * PerNanosecond);
        Assert.InRange(instructions, 255 * 10 * 500, 255 * 30 * 500);
    }
}
