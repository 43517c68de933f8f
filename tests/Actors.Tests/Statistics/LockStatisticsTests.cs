using Trapline.Actors.Statistics;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Actors.Tests.Statistics;

public sealed class LockStatisticsTests
{
    [Fact]
    public void The_history_has_the_most_that_waited_in_each_interval()
    {
        var statistics = new LockStatistics();
        statistics.Enqueued(At(2));
        statistics.Enqueued(At(2));
        statistics.Dequeued(At(3));
        statistics.Dequeued(At(5));
        statistics.Enqueued(At(9));

        Assert.Equal([0, 0, 2, 2, 1, 1, 0, 0, 0, 1], statistics.History.ToArray());
        Assert.Equal((2, VirtualTime.FromNanoseconds(1)), (statistics.GreatestQueue, statistics.Interval));
    }

    [Fact]
    public void When_the_intervals_are_full_each_two_become_one()
    {
        var statistics = new LockStatistics();
        statistics.Enqueued(At(7));
        statistics.Dequeued(At(8));
        statistics.Enqueued(At(1_000));

        Assert.Equal(VirtualTime.FromNanoseconds(4), statistics.Interval);
        var history = statistics.History.ToArray();
        Assert.Equal(251, history.Length);
        Assert.Equal([1, 2, 250], Enumerable.Range(0, history.Length).Where(interval => history[interval] > 0));
    }

    [Fact]
    public void State_goes_out_and_in()
    {
        var statistics = new LockStatistics();
        statistics.Enqueued(At(1));
        statistics.Acquired(At(3));
        var copy = new LockStatistics();
        var writer = new StateWriter();
        statistics.SyncState(writer);
        var reader = new StateReader(writer.Written);
        copy.SyncState(reader);
        reader.Finish();
        copy.Dequeued(At(4));

        Assert.Equal((1, 1, At(3), At(3)), (copy.Acquisitions, copy.Waited, copy.WaitTotal, copy.WaitGreatest));
        Assert.Equal([0, 1, 1, 1, 1], copy.History.ToArray());
    }

    private static VirtualTime At(long nanoseconds) => VirtualTime.FromNanoseconds(nanoseconds);
}
