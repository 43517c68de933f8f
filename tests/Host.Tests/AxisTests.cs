using Trapline.Host.Reports.Html;
using Xunit;

namespace Trapline.Host.Tests;

public sealed class AxisTests
{
    [Theory]
    [InlineData(0.0, "0 1")]
    [InlineData(1.0, "0 1")]
    [InlineData(7.0, "0 2 4 6 8")]
    [InlineData(100.0, "0 20 40 60 80 100")]
    [InlineData(101.0, "0 50 100 150")]
    public void A_linear_axis_starts_at_nothing_and_ends_at_a_round_number(double greatest, string ticks)
    {
        var axis = Axis.Linear(greatest, 0, 100, value => $"{value:0.##}", whole: true);

        Assert.Equal(ticks, string.Join(' ', axis.Ticks.Select(tick => tick.Label)));
        Assert.Equal(0, axis.Position(0));
        Assert.InRange(axis.Position(greatest), 0, 100);
    }

    [Theory]
    [InlineData(9.0, 180.0, "5 10 20 50 100 200")]
    [InlineData(1.0, 20.0, "1 2 5 10 20")]
    [InlineData(3.0, 284736.0, "10 100 1000 10000 100000")]
    public void A_logarithmic_axis_gives_each_decade_the_same_room(double least, double greatest, string ticks)
    {
        var axis = Axis.Logarithmic(least, greatest, 0, 100, value => $"{value:0.##}");

        Assert.True(Axis.SpansDecades(least, greatest));
        Assert.Equal(ticks, string.Join(' ', axis.Ticks.Select(tick => tick.Label)));
        Assert.Equal(axis.Position(20) - axis.Position(10), axis.Position(10) - axis.Position(5), 0.02);
        Assert.InRange(axis.Position(least), 0, 100);
        Assert.InRange(axis.Position(greatest), axis.Position(least), 100);
    }

    [Fact]
    public void Each_nine_has_the_same_room()
    {
        var axis = Axis.Nines(2_000, 0, 400);

        Assert.Equal("0% 90% 99% 99.9% 99.99%", string.Join(' ', axis.Ticks.Select(tick => tick.Label)));
        Assert.Equal([0, 100, 200, 300, 400], axis.Ticks.Select(tick => tick.Position));
    }
}
