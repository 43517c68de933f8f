using Trapline.Machines.Text;
using Xunit;

namespace Trapline.Machines.Tests.Text;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("vcpsu", "vcpus")]
    [InlineData("Vcpus", "vcpus")]
    [InlineData("vcpu", "vcpus")]
    [InlineData("vvcpus", "vcpus")]
    [InlineData("paramters", "parameters")]
    [InlineData("unrelated", null)]
    [InlineData("", null)]
    [InlineData("x", null)]
    [InlineData("N", "n")]
    [InlineData("PARAMETERS", "parameters")]
    public void A_misspelt_name_finds_the_one_that_was_meant(string wanted, string? expected) =>
        Assert.Equal(expected, NearestName.Find(wanted, ["vcpus", "parameters", "seed", "n"]));

    [Fact]
    public void A_huge_name_costs_nothing() => Assert.Null(NearestName.Find(new string('x', 1_000_000), ["vcpus"]));

    [Fact]
    public void Among_equals_the_first_in_ordinal_order_wins()
    {
        Assert.Equal("cat", NearestName.Find("bat", ["hat", "cat", "rat"]));
        Assert.Equal("cat", NearestName.Find("bat", ["rat", "cat", "hat"]));
    }

    [Theory]
    [InlineData("", "abc", 6)]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "acb", 2)]
    [InlineData("abc", "abd", 2)]
    [InlineData("abc", "aBc", 1)]
    [InlineData("kitten", "sitting", 6)]
    public void The_distance_counts_half_letters(string a, string b, int distance)
    {
        Assert.Equal(distance, NearestName.Distance(a, b));
        Assert.Equal(distance, NearestName.Distance(b, a));
    }

    [Fact]
    public void The_hint_is_a_question_or_nothing()
    {
        Assert.Equal("; did you mean 'seed'?", NearestName.Hint("sed", ["seed"]));
        Assert.Equal("", NearestName.Hint("xyz", ["seed"]));
    }
}
