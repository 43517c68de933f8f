using Trapline.Cluster.Coordination;
using Xunit;

namespace Trapline.Cluster.Tests.Coordination;

/// <summary>What must be true of every log of commits.</summary>
internal static class CommitLog
{
    public static void Check(IReadOnlyList<CommitRecord> log)
    {
        Assert.Equal(Enumerable.Range(1, log.Count).Select(number => (long)number), log.Select(commit => commit.Revision));
        Assert.All(log.Zip(log.Skip(1)), pair => Assert.True(pair.First.Epoch <= pair.Second.Epoch && pair.First.Number < pair.Second.Number, $"{pair.First} is followed by {pair.Second}"));
        Assert.All(log.GroupBy(commit => commit.Epoch), epoch => Assert.Single(epoch.Select(commit => commit.Holder).Distinct()));
    }
}
