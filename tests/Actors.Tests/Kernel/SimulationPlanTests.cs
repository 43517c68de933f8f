using Trapline.Actors.Kernel;
using Trapline.Messages;
using Xunit;

namespace Trapline.Actors.Tests.Kernel;

public sealed class SimulationPlanTests
{
    /// <summary>Latencies in ns by class of source and target.</summary>
    private static readonly long[,] Latencies = { { 30, 20 }, { 40, 10 } };

    [Theory]
    [InlineData("0011", 10, "group2 -> group3")]
    [InlineData("1001", 10, "group0 -> group3")]
    [InlineData("001", 20, "group0 -> group2")]
    [InlineData("100", 20, "group1 -> group0")]
    [InlineData("000", 30, "group0 -> group1")]
    public void Of_the_least_paths_the_first_pair_of_groups_is_named(string classes, long latency, string path)
    {
        var plan = Plan(classes);
        Assert.Equal((VirtualTime.FromNanoseconds(latency), path), (plan.Lookahead, plan.Limiting));
    }

    [Fact]
    public void One_group_alone_has_no_path()
    {
        var plan = Plan("0");
        Assert.Equal((VirtualTime.Never, ""), (plan.Lookahead, plan.Limiting));
    }

    [Theory]
    [InlineData("0011", 20)]
    [InlineData("0110", 10)]
    [InlineData("0000", 30)]
    public void Between_nodes_only_the_paths_that_cross_count(string classes, long latency) =>
        Assert.Equal(VirtualTime.FromNanoseconds(latency), Plan(classes).LookaheadBetween(Placement.Blocks(classes.Length, 2)));

    private static SimulationPlan Plan(string classes)
    {
        var groups = classes.Select((each, i) => new GroupPlan($"group{i}", each - '0', [ScriptedActor.At(i)], () => [])).ToArray();
        var paths = new PathTable(["a", "b"], (from, to) => new PathTable.Path(VirtualTime.FromNanoseconds(Latencies[from, to])));
        return new SimulationPlan(groups, paths, 1, new SimulationLimits());
    }
}
