using Xunit;

namespace Trapline.Persistence.Tests;

/// <summary>Which checkpoints go.</summary>
[Trait("Runs", "Once")]
public sealed class RetentionTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Theory]
    [InlineData("", 2, "")]
    [InlineData("aaaa", 2, "0 1")]
    [InlineData("aaaa", 0, "0 1 2 3")]
    [InlineData("aaaa", 4, "")]
    [InlineData("aaaa", int.MaxValue, "")]
    [InlineData("abab", 1, "0 1")]
    [InlineData("abbba", 2, "1")]
    public void The_last_ones_of_every_run_stay(string runs, int keep, string deleted)
        => Assert.Equal(deleted, string.Join(' ', Retention.ToDelete(Stored(runs), keep)));

    [Theory]
    [InlineData(0, 2, "0 1")]
    [InlineData(3, 4, "0")]
    [InlineData(0, 0, "")]
    [InlineData(0, 9, "0 1 2 3")]
    public void Those_that_are_young_stay_too(int keep, int seconds, string deleted)
        => Assert.Equal(deleted, string.Join(' ', Retention.ToDelete(Stored("aaaa"), keep, Start.AddSeconds(seconds))));

    [Fact]
    public void A_negative_number_is_a_mistake()
        => Assert.Throws<ArgumentOutOfRangeException>(() => Retention.ToDelete([], -1));

    private static List<StoredCheckpoint> Stored(string runs)
        => [.. runs.Select((run, index) => new StoredCheckpoint($"{index}", SampleCheckpoint.Create(index, run: $"{run}").Header, [], Start.AddSeconds(index), 0))];
}
