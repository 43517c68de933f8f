using Trapline.Cluster.Holding;
using Trapline.Messages;
using Xunit;

namespace Trapline.Cluster.Tests.Holding;

/// <summary>The fewest members that have to go, against trying all sets.</summary>
public sealed class FewestEvictionsTests
{
    private const int Members = 9;

    [Fact]
    public void No_smaller_set_leaves_the_rest_fully_connected_and_the_holder_stays_where_it_can()
    {
        for (var graph = 0UL; graph < 300; graph++)
        {
            var n = 0UL;
            var density = CounterRandom.DrawBelow(100, graph, ActorAddress.None, RandomPurpose.Synthetic, n++);
            List<(long, long)> pairs = [];
            for (var one = 1L; one <= Members; one++)
            {
                for (var other = one + 1; other <= Members; other++)
                {
                    if (CounterRandom.DrawBelow(100, graph, ActorAddress.None, RandomPurpose.Synthetic, n++) < density)
                    {
                        pairs.Add(graph % 2 == 0 ? (one, other) : (other, one));
                    }
                }
            }

            var keep = 1 + (long)CounterRandom.DrawBelow(Members, graph, ActorAddress.None, RandomPurpose.Synthetic, n);
            var chosen = FewestEvictions.Of(pairs, keep);
            Assert.Equal(chosen.Distinct().Order(), chosen);
            Assert.All(pairs, pair => Assert.True(chosen.Contains(pair.Item1) || chosen.Contains(pair.Item2)));
            var best = Enumerable.Range(0, 1 << Members).Where(set => pairs.All(pair => Has(set, pair.Item1) || Has(set, pair.Item2))).GroupBy(int.PopCount).MinBy(sets => sets.Key)!;
            Assert.Equal(best.Key, chosen.Count);
            Assert.True(!chosen.Contains(keep) || best.All(set => Has(set, keep)), $"graph {graph}: {keep} need not go");
        }
    }

    [Fact]
    public void Nobody_goes_where_all_hear_all() => Assert.Empty(FewestEvictions.Of([], 1));

    [Fact]
    public void Of_the_most_nodes_that_there_are_it_is_found_at_once()
    {
        // A ring of 32: half of them.
        var ring = Enumerable.Range(0, 32).Select(node => ((long)node, (long)(node + 1) % 32));
        Assert.Equal(16, FewestEvictions.Of(ring, 0).Count);
        var all = Enumerable.Range(0, 32).SelectMany(_ => Enumerable.Range(0, 32), (one, other) => ((long)one, (long)other)).Where(pair => pair.Item1 < pair.Item2);
        Assert.Equal(Enumerable.Range(1, 31).Select(node => (long)node), FewestEvictions.Of(all, 0));
    }

    private static bool Has(int set, long member) => (set >> (int)(member - 1) & 1) == 1;
}
