using Trapline.Machines.Text;
using Xunit;

namespace Trapline.Machines.Tests;

public sealed class NearestNameTests
{
    private static readonly string[] Known = ["name", "seed", "machine", "machines", "matrix"];

    [Theory]
    [InlineData("sed", "seed")]
    [InlineData("seeed", "seed")]
    [InlineData("saed", "seed")]
    [InlineData("esed", "seed")]
    [InlineData("MATRIX", "matrix")]
    [InlineData("machin", "machine")]
    [InlineData("wombat", null)]
    [InlineData("", null)]
    public void The_nearest_name_needs_few_edits_or_is_none(string name, string? nearest)
        => Assert.Equal(nearest, NearestName.Find(name, Known));

    [Fact]
    public void A_huge_name_costs_nothing() => Assert.Null(NearestName.Find(new string('x', 1_000_000), Known));
}
