using Trapline.Machines.Scenarios;
using Trapline.Messages;
using Xunit;

namespace Trapline.Machines.Tests.Scenarios;

public sealed class SmokeLengthTests
{
    private static readonly VirtualTime Window = VirtualTime.FromNanoseconds(25);

    [Fact]
    public void Exactly_20000_windows_are_allowed()
        => Assert.Null(SmokeLength.Check(VirtualTime.FromNanoseconds(500_000), Window));

    [Fact]
    public void A_picosecond_more_is_refused_with_the_longest_that_is_allowed()
        => Assert.Equal(
            "length.smoke is 500.000001us, which is 20001 windows of 25ns; at most 20000 are allowed; use 500us or less",
            SmokeLength.Check(new(500_000_001), Window));

    [Fact]
    public void The_default_is_the_smaller_of_until_and_20000_windows()
    {
        Assert.Equal(VirtualTime.FromNanoseconds(500_000), SmokeLength.Default(new(VirtualTime.PerSecond), Window));
        Assert.Equal(VirtualTime.FromNanoseconds(7), SmokeLength.Default(VirtualTime.FromNanoseconds(7), Window));
        Assert.Equal(new VirtualTime(VirtualTime.PerSecond), SmokeLength.Default(new(VirtualTime.PerSecond), new(long.MaxValue)));
    }
}
