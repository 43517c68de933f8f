using Trapline.Host.Reports.Html;
using Xunit;

namespace Trapline.Host.Tests;

public sealed class MarkupTests
{
    [Theory]
    [InlineData("a < b && \"c\" > 'd'", "a &lt; b &amp;&amp; &quot;c&quot; &gt; &#39;d&#39;")]
    [InlineData("\0\u0007\n\u007f", "␀␇␊␡")]
    [InlineData("\u0085\u202e\u2066", "���")]
    [InlineData("Δ→😀", "Δ→😀")]
    public void Text_is_escaped_and_what_cannot_be_seen_is_shown(string text, string expected)
        => Assert.Equal(expected, MarkupText.Escape(text));

    [Fact]
    public void Half_a_letter_is_none() => Assert.Equal("\ufffdx", MarkupText.Escape("\ud800x"));

    [Fact]
    public void Attributes_are_escaped_too()
    {
        var page = new MarkupWriter();
        page.Element("p", "<b>", ("title", "\"><script>"));

        Assert.Equal("<p title=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt;</p>\n", page.ToString());
    }

    [Fact]
    public void What_is_open_must_be_closed()
    {
        var page = new MarkupWriter();
        page.Open("section");

        Assert.Contains("<section> is not closed", Assert.Throws<InvalidOperationException>(page.ToString).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vcpus=2", 250, "vcpus=2")]
    [InlineData("pattern=all-to-all, vcpus=256", 100, "patter…us=256")]
    [InlineData("WWWWWWWWWWWWWWWWWWWW", 100, "WWWW…WWW")]
    [InlineData("ab", 1, "…")]
    public void A_long_name_keeps_both_its_ends(string name, double width, string expected)
        => Assert.Equal(expected, ChartText.Fit(name, width));
}
