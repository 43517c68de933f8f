using Trapline.Cluster.Chaos;
using Xunit;

namespace Trapline.Losses.Tests;

/// <summary>A plan is text, and its actions follow from the text alone.</summary>
public sealed class PlanTests
{
    [Fact]
    public void The_same_text_gives_the_same_actions_and_another_seed_others()
    {
        var plan = Parsed("kill:2,cut:1,move:3@7");
        Assert.Equal(plan.Actions(3), Parsed("kill:2,cut:1,move:3@7").Actions(3));
        Assert.NotEqual(plan.Actions(3), Parsed("kill:2,cut:1,move:3@8").Actions(3));
        Assert.Equal("kill:2,cut:1,move:3@7", plan.ToString());
    }

    [Fact]
    public void One_more_of_a_kind_shifts_nothing_else()
    {
        var fewer = Parsed("kill:2,move:3@7").Actions(4);
        var more = Parsed("cut:1,kill:3,move:3@7").Actions(4);
        Assert.All(fewer, action => Assert.Contains(action, more));
    }

    [Fact]
    public void Actions_are_in_order_and_name_two_different_nodes_of_the_cluster()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var actions = Parsed($"kill:3,holder:1,pause:2,freeze:1,cut:3,deaf:3,move:4,database:2@{seed}").Actions(4);
            Assert.Equal(19, actions.Count);
            Assert.Equal(actions.Select(action => action.AtPermille).Order(), actions.Select(action => action.AtPermille));
            Assert.All(actions, action =>
            {
                Assert.InRange(action.AtPermille, 50, 799);
                Assert.InRange(action.Victim, 0, 3);
                Assert.InRange(action.Other, 0, 3);
                Assert.NotEqual(action.Victim, action.Other);
                Assert.InRange(action.Share, 0, 999);
            });
        }
    }

    [Theory]
    [InlineData("", "there are kill, holder, pause")]
    [InlineData("kil:1", "did you mean 'kill'?")]
    [InlineData("kill:0", "1 to 100")]
    [InlineData("kill:101", "1 to 100")]
    [InlineData("kill:-1", "1 to 100")]
    [InlineData("kill:1:2", "1 to 100")]
    [InlineData("kill:x", "1 to 100")]
    [InlineData("kill,kill", "there twice")]
    [InlineData("kill@", "must end with one seed")]
    [InlineData("kill@1@2", "must end with one seed")]
    [InlineData("kill@-1", "must end with one seed")]
    [InlineData("0:1", "is nothing that can be done")]
    public void What_is_no_plan_is_refused_with_what_to_write(string text, string expected)
    {
        Assert.Null(ChaosPlan.Parse(text, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    private static ChaosPlan Parsed(string text)
    {
        var plan = ChaosPlan.Parse(text, out var problem);
        Assert.True(plan is not null, problem);
        return plan;
    }
}
