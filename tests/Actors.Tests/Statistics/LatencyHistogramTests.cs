using Trapline.Actors.Statistics;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Actors.Tests.Statistics;

public sealed class LatencyHistogramTests
{
    [Theory]
    [InlineData(50)]
    [InlineData(90)]
    [InlineData(99)]
    [InlineData(100)]
    public void A_percentile_is_that_of_the_sorted_samples_within_a_256th(int percent)
    {
        var histogram = new LatencyHistogram();
        var samples = Samples(5_000);
        Array.ForEach(samples, sample => histogram.Add(new VirtualTime(sample)));
        Array.Sort(samples);
        var exact = samples[((samples.Length * percent) + 99) / 100 - 1];
        Assert.InRange(histogram.Percentile(percent).Picoseconds, exact, exact + (exact / 256) + 1);
        Assert.Equal(samples[^1], histogram.Greatest.Picoseconds);
    }

    [Fact]
    public void Merging_the_parts_gives_the_whole()
    {
        var (whole, left, right) = (new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram());
        var samples = Samples(1_000);
        for (var i = 0; i < samples.Length; i++)
        {
            whole.Add(new VirtualTime(samples[i]));
            (i % 3 == 0 ? left : right).Add(new VirtualTime(samples[i]));
        }

        left.Merge(right);
        Assert.Equal(Rows(whole), Rows(left));
    }

    [Fact]
    public void The_extremes_have_a_bucket()
    {
        var histogram = new LatencyHistogram();
        histogram.Add(VirtualTime.Zero);
        Assert.Equal(0, histogram.Percentile(50).Picoseconds);
        histogram.Add(new VirtualTime(long.MaxValue));
        Assert.Equal(long.MaxValue, histogram.Percentile(100).Picoseconds);
    }

    [Fact]
    public void Its_buckets_have_every_sample_and_the_percentiles_are_read_off_them()
    {
        var histogram = new LatencyHistogram();
        var samples = Samples(1_000).Order().ToArray();
        Array.ForEach(samples, sample => histogram.Add(new VirtualTime(sample)));
        var buckets = histogram.Buckets().ToList();

        Assert.Equal(samples.Length, buckets.Sum(bucket => bucket.Count));
        Assert.Equal(samples[^1], buckets[^1].UpperEnd.Picoseconds);
        var below = 0;
        foreach (var (upper, count) in buckets)
        {
            below += (int)count;
            Assert.InRange(upper.Picoseconds, samples[below - 1], samples[below - 1] + (samples[below - 1] / 256));
            Assert.True(below == samples.Length || samples[below] > upper.Picoseconds);
        }

        foreach (var percent in (int[])[1, 50, 90, 99, 100])
        {
            var wanted = samples.Length * percent / 100;
            var reached = buckets.SkipWhile(bucket => (wanted -= (int)bucket.Count) > 0).First();
            Assert.Equal(histogram.Percentile(percent), reached.UpperEnd);
        }
    }

    private static long[] Samples(int count) =>
    [
        .. Enumerable.Range(0, count).Select(n =>
            (long)(CounterRandom.Draw(3, default, RandomPurpose.Synthetic, (ulong)n) >> (int)(CounterRandom.Draw(4, default, RandomPurpose.Synthetic, (ulong)n) % 60) >> 2)),
    ];

    private static IEnumerable<ulong> Rows(LatencyHistogram histogram)
    {
        var lister = new StateLister();
        histogram.SyncState(lister);
        return lister.Rows.Select(row => row.Value);
    }
}
