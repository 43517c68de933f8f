using System.Text.Json;
using Xunit;

namespace Trapline.Host.Tests;

public sealed class CostsCommandTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_profile_is_shown_with_ranges_bases_figures_and_what_is_fitted()
    {
        using var line = Show();

        var words = line.Output.Split('\n').Select(text => string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ToList();
        Assert.Contains("hypercall E 1213 1104 1213 fitted", words);
        Assert.Contains("instruction t_i 0.5 0.4 1 assumed", words);
        Assert.Contains("userRatio r_u 4.415 3.97 5.65 fitted", words);
        Assert.Contains("betweenGroups 25 ns, jitter 0 ns (assumed)", words);
        Assert.Contains("vm-original 114us (hypervisor: kvm, irqchip: user, paravirt: none)", words);
        Assert.Contains("kickIdle = kappa * wakeUpPath", words);
        Assert.DoesNotContain("clock that is gated", line.Output, StringComparison.Ordinal);
        Assert.All(words, text => Assert.True(text.Length <= 80, text));
    }

    [Fact]
    public void With_sources_every_number_says_who_says_so()
    {
        using var line = Show("--sources");

        Assert.Contains("ZUIwt6jWBN037XVf@monolith", line.Output, StringComparison.Ordinal);
        Assert.Contains("clock that is gated", line.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_every_row_in_nanoseconds()
    {
        using var line = Show("--json");

        using var json = JsonDocument.Parse(line.Output);
        var kick = json.RootElement.GetProperty("costs").EnumerateArray().Single(cost => cost.GetProperty("name").GetString() == "kickIdle");
        Assert.Equal((770m, 550m, 990m, "assumed"), (kick.GetProperty("value").GetDecimal(), kick.GetProperty("low").GetDecimal(), kick.GetProperty("high").GetDecimal(), kick.GetProperty("basis").GetString()));
        Assert.Equal([17_600m, 114_000, 48_100], json.RootElement.GetProperty("figures").EnumerateArray().Select(figure => figure.GetProperty("publishedNs").GetDecimal()));
    }

    [Fact]
    public void Errors_of_a_profile_are_those_of_validate()
    {
        var path = _folder.PathOf("wrong.yaml");
        File.WriteAllText(path, "name: wrong\n");
        using var line = new CommandLine();

        Assert.Equal(ExitCodes.Usage, line.Run("costs", "show", path));
        Assert.Contains($"{path}:1:1: error: the key 'description' is missing; add it", line.Error, StringComparison.Ordinal);
        Assert.Equal("", line.Output);
    }

    private CommandLine Show(params string[] options)
    {
        CommandLine.Scenario(_folder);
        var line = new CommandLine();
        Assert.Equal(ExitCodes.Done, line.Run(["costs", "show", _folder.PathOf("costs/3c5000.yaml"), .. options]));
        return line;
    }
}
