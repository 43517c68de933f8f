using Trapline.Cluster.Clients;
using Trapline.Cluster.Runs;
using Xunit;

namespace Trapline.Cluster.Tests.Clients;

public sealed class GroupNamesTests
{
    private static readonly string[] Machine = ["vcpu0", "vcpu1", "vcpu2", "vcpu10", "board", "machine1.vcpu0", "machine1.board"];

    [Theory]
    [InlineData("board", "4")]
    [InlineData("vcpu1..vcpu10,board", "1 2 3 4")]
    [InlineData("board, vcpu0, vcpu0..vcpu1", "0 1 4")]
    [InlineData("machine1.vcpu0..machine1.vcpu0", "5")]
    public void Names_and_ranges_become_indices(string text, string indices) => Assert.Equal(indices, string.Join(' ', GroupNames.Parse(text, Machine)));

    [Theory]
    [InlineData("vcpu3", "there is no group 'vcpu3'; did you mean 'vcpu0'?; the machine has 7, from 'vcpu0' to 'machine1.board'")]
    [InlineData("", "there is no group ''")]
    [InlineData("vcpu1..vcpu0", "'vcpu1..vcpu0' is no range: its ends must be of one kind")]
    [InlineData("vcpu0..board", "'vcpu0..board' is no range: its ends must be of one kind")]
    [InlineData("vcpu0..vcpu1..vcpu2", "'vcpu0..vcpu1..vcpu2' is no range; it is written vcpu0..vcpu63")]
    public void What_is_none_is_refused_with_a_remedy(string text, string message)
    {
        var failure = Assert.Throws<RunException>(() => GroupNames.Parse(text, Machine));
        Assert.Equal(RunFailure.Input, failure.Failure);
        Assert.StartsWith($"--groups: {message}", failure.Message, StringComparison.Ordinal);
    }
}
