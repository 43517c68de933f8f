using System.Text.Json;
using Trapline.Machines.Quirks;
using Xunit;

namespace Trapline.Host.Tests;

public sealed class QuirksCommandTests
{
    [Fact]
    public void All_quirks_are_listed_with_their_versions_within_80_columns()
    {
        using var line = Run("quirks");

        Assert.Contains("second-bitmap               series v5    series v6\n", line.Output, StringComparison.Ordinal);
        Assert.All(QuirkTable.Names, name => Assert.Contains($"\n{name} ", line.Output, StringComparison.Ordinal));
        Assert.All(line.Output.Split('\n'), text => Assert.True(text.Length <= 80, text));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void One_is_told_in_full_within_80_columns(string name)
    {
        using var line = Run("quirks", name);

        var quirk = QuirkTable.Find(name)!;
        var words = string.Join(' ', line.Output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(
            $"{name} {quirk.What} since: {quirk.Since} fixed in: {quirk.Fixed} visible: {quirk.Visible} exposed by: {quirk.Exposed} told of in: {quirk.Defects} switch: {quirk.Row}",
            words);
        Assert.All(line.Output.Split('\n'), text => Assert.True(text.Length <= 80, text));
    }

    [Fact]
    public void All_are_told_in_full_with_an_empty_line_between()
    {
        using var all = Run("quirks", "--details");

        var single = QuirkTable.Names.Select(name =>
        {
            using var one = Run("quirks", name);
            return one.Output;
        });
        Assert.Equal(string.Join('\n', single), all.Output);
    }

    [Fact]
    public void Json_has_all_or_the_one_that_is_named()
    {
        using var all = Run("quirks", "--json");
        using var one = Run("quirks", "second-bitmap", "--json");

        using var list = JsonDocument.Parse(all.Output);
        Assert.Equal(QuirkTable.Names, list.RootElement.GetProperty("quirks").EnumerateArray().Select(row => row.GetProperty("name").GetString()));
        using var single = JsonDocument.Parse(one.Output);
        var row = Assert.Single(single.RootElement.GetProperty("quirks").EnumerateArray());
        Assert.Equal(
            ("second bitmap", "V5", "series v5", "series v6", "boot-256: endReason == \"exit\""),
            (Text("row"), Text("defects"), Text("since"), Text("fixed"), Text("exposed")));

        string? Text(string key) => row.GetProperty(key).GetString();
    }

    public static TheoryData<string> Names => [.. QuirkTable.Names];

    private static CommandLine Run(params string[] words)
    {
        var line = new CommandLine();
        Assert.Equal(ExitCodes.Done, line.Run(words));
        return line;
    }
}
