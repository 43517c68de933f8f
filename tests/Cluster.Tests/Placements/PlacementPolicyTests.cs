using Trapline.Actors.Kernel;
using Trapline.Cluster.Placements;
using Trapline.Machines.Scenarios.Placements;
using Trapline.Messages;
using Xunit;

namespace Trapline.Cluster.Tests.Placements;

/// <summary>Plans of groups that are only named: where each policy puts them.</summary>
public sealed class PlacementPolicyTests
{
    [Fact]
    public void Spread_gives_equal_blocks_of_neighbours()
    {
        Assert.Equal("000111", Nodes(PlacementPolicies.Spread(Plan("000000"), 2)));
        Assert.Equal("0001122", Nodes(PlacementPolicies.Spread(Plan("0000000"), 3)));
    }

    [Fact]
    public void Spread_refuses_more_nodes_than_groups()
    {
        var failure = Assert.Throws<SimulationException>(() => PlacementPolicies.Spread(Plan("00"), 3));
        Assert.Contains("3 nodes cannot share 2 groups", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pack_fills_one_node_before_the_next()
    {
        Assert.Equal("0000111122", Nodes(PlacementPolicies.Pack(Plan("0000000000"), 3, 4)));
        Assert.Throws<SimulationException>(() => PlacementPolicies.Pack(Plan("0000000000"), 2, 4));
        var placement = PlacementPolicies.Place(new() { Policy = PlacementPolicy.Pack, GroupsPerNode = 4 }, Plan("0000000000"), nodes: 9);
        Assert.Equal(3, placement.Nodes);
    }

    [Theory]
    [InlineData("00112233", 2, "00110011")]
    [InlineData("0000112233", 2, "0000111100")]
    [InlineData("0123", 3, "0120")]
    [InlineData("0101", 2, "0101")]
    [InlineData("0112222", 2, "1110000")]
    public void Host_keeps_hosts_whole_and_balances_them(string hosts, int nodes, string expected) =>
        Assert.Equal(expected, Nodes(PlacementPolicies.ByHost(Plan(hosts), nodes)));

    [Fact]
    public void Host_refuses_more_nodes_than_hosts()
    {
        var failure = Assert.Throws<SimulationException>(() => PlacementPolicies.ByHost(Plan("0011"), 3));
        Assert.Contains("3 nodes cannot share 2 modelled hosts", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explicit_takes_the_first_rule_that_fits()
    {
        var request = new PlacementSection { Policy = PlacementPolicy.Explicit, Groups = [new("group1", 2), new("*3", 1), new("group*", 0)] };
        var placement = PlacementPolicies.Place(request, Plan("00000"), nodes: 7);
        Assert.Equal(("02010", 3), (Nodes(placement), placement.Nodes));
        Assert.Throws<SimulationException>(() => PlacementPolicies.Explicit(Plan("00"), 1, [new("group0", 0)]));
    }

    [Theory]
    [InlineData("vcpu1", "vcpu1", true)]
    [InlineData("vcpu1", "vcpu10", false)]
    [InlineData("vcpu1*", "vcpu10", true)]
    [InlineData("machine3.*", "machine3.board", true)]
    [InlineData("machine3.*", "machine30.board", false)]
    [InlineData("*.board", "machine3.board", true)]
    [InlineData("m*3*d", "machine3.board", true)]
    [InlineData("a*a", "a", false)]
    [InlineData("*", "anything", true)]
    public void A_pattern_fits_where_a_star_is_any_text(string pattern, string name, bool fits) => Assert.Equal(fits, new PlacementRule(pattern, 0).Fits(name));

    [Fact]
    public void Traffic_brings_together_who_talks_most()
    {
        var traffic = new GroupTraffic(4);
        traffic.AddMessages(0, 3, 100);
        traffic.AddMessages(2, 1, 90);
        traffic.AddMessages(0, 1, 5);
        Assert.Equal("0110", Nodes(PlacementPolicies.Place(new() { Policy = PlacementPolicy.Traffic }, Plan("0000"), 2, traffic)));
    }

    [Fact]
    public void Traffic_gives_no_node_more_than_its_share_of_the_work()
    {
        var traffic = new GroupTraffic(4);
        for (var group = 0; group < 4; group++)
        {
            traffic.AddLoad(group, group == 0 ? 30 : 10);
        }

        traffic.AddMessages(0, 1, 100);
        traffic.AddMessages(0, 2, 90);
        Assert.Equal("0111", Nodes(PlacementPolicies.Place(new() { Policy = PlacementPolicy.Traffic }, Plan("0000"), 2, traffic)));
    }

    [Theory]
    [InlineData(2, 2, 4, "110")]
    [InlineData(4, 4, 2, "011")]
    public void Traffic_deals_out_the_heaviest_first_and_of_equal_nodes_takes_the_one_that_is_talked_with(int first, int second, int third, string expected)
    {
        // Groups 1 and 2 are too heavy to come together.
        var traffic = new GroupTraffic(3);
        traffic.AddLoad(0, first);
        traffic.AddLoad(1, second);
        traffic.AddLoad(2, third);
        traffic.AddMessages(1, 2, 10);
        Assert.Equal(expected, Nodes(PlacementPolicies.Place(new() { Policy = PlacementPolicy.Traffic }, Plan("000"), 2, traffic)));
    }

    [Fact]
    public void Traffic_splits_no_host_while_there_are_enough()
    {
        var traffic = new GroupTraffic(6);
        traffic.AddMessages(0, 2, 1000);
        traffic.AddMessages(3, 4, 3000);
        Assert.Equal("001111", Nodes(PlacementPolicies.Place(new() { Policy = PlacementPolicy.Traffic }, Plan("001122"), 2, Weighed(traffic))));
    }

    /// <summary>The first host does as much as the two others together.</summary>
    private static GroupTraffic Weighed(GroupTraffic traffic)
    {
        for (var group = 0; group < 6; group++)
        {
            traffic.AddLoad(group, group < 2 ? 20 : 10);
        }

        return traffic;
    }

    [Fact]
    public void Traffic_before_anything_was_measured_is_host() =>
        Assert.Equal(Nodes(PlacementPolicies.ByHost(Plan("00112233"), 2)), Nodes(PlacementPolicies.Place(new() { Policy = PlacementPolicy.Traffic }, Plan("00112233"), 2)));

    [Fact]
    public void The_scenarios_number_of_nodes_goes_first()
    {
        Assert.Equal(2, PlacementPolicies.Place(new() { Policy = PlacementPolicy.Spread, Nodes = 2 }, Plan("0000"), 4).Nodes);
        Assert.Equal(4, PlacementPolicies.Place(null, Plan("0000"), 4).Nodes);
    }

    [Fact]
    public void A_node_that_does_not_exist_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Placement.Of([0, 2], 2));

    private static string Nodes(Placement placement) => string.Concat(placement.NodeOfGroup);

    private static SimulationPlan Plan(string hosts)
    {
        var groups = hosts.Select((host, i) => new GroupPlan($"group{i}", 0, [new ActorAddress(0, ActorRole.Process, i)], () => []) { Host = host - '0' }).ToArray();
        return new SimulationPlan(groups, new PathTable(["all"], (_, _) => new PathTable.Path(new VirtualTime(10))), 1, new SimulationLimits());
    }
}
