using Xunit;

namespace Trapline.Messages.Tests;

public sealed class VirtualTimeTests
{
    [Theory]
    [InlineData("500ps", 500)]
    [InlineData("25ns", 25_000)]
    [InlineData("1.5us", 1_500_000)]
    [InlineData("0.001 ns", 1)]
    [InlineData("100ms", 100_000_000_000)]
    [InlineData("2s", 2_000_000_000_000)]
    public void A_duration_is_a_number_with_a_unit(string text, long picoseconds)
    {
        Assert.True(VirtualTime.TryParse(text, out var time));
        Assert.Equal(picoseconds, time.Picoseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("25")]
    [InlineData("ns")]
    [InlineData("-1ns")]
    [InlineData("1.5ps")]
    [InlineData("1e9ns")]
    [InlineData("5 minutes")]
    [InlineData("9999999999999999999999999s")]
    [InlineData("1.2.3ns")]
    public void What_is_no_whole_number_of_picoseconds_is_refused(string text) => Assert.False(VirtualTime.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0ps")]
    [InlineData(999, "999ps")]
    [InlineData(1_500_000, "1.5us")]
    [InlineData(1_000_000_000_001, "1.000000000001s")]
    public void Its_text_is_exact_and_reads_back(long picoseconds, string text)
    {
        var time = new VirtualTime(picoseconds);
        Assert.Equal(text, time.ToString());
        Assert.True(VirtualTime.TryParse(text, out var back));
        Assert.Equal(time, back);
    }

    [Fact]
    public void A_sum_beyond_the_end_of_time_is_never_and_not_early()
    {
        Assert.Equal(VirtualTime.Never, VirtualTime.Never + new VirtualTime(1));
        Assert.Equal(VirtualTime.Never, new VirtualTime(long.MaxValue - 1) + new VirtualTime(2));
    }
}
