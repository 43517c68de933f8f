using Trapline.Host.Clusters;
using Xunit;

namespace Trapline.Host.Tests;

public sealed class ProcessIdentityTests
{
    [Fact]
    public void This_process_is_alive_and_a_later_one_of_its_number_would_not_be_taken_for_it()
    {
        var self = ProcessIdentity.Of(Environment.ProcessId)!;

        Assert.True(ProcessIdentity.Parse(self.ToString()) is { IsAlive: true });
        Assert.False((self with { Started = self.Started - 1 }).IsAlive);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("1 5")]
    [InlineData("-3 5")]
    [InlineData("12 5 6")]
    [InlineData("twelve 5")]
    public void What_names_no_process_is_none(string text) => Assert.Null(ProcessIdentity.Parse(text));
}
