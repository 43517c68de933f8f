using System.Text.Json;
using Trapline.Machines.Scenarios;
using Xunit;

namespace Trapline.Host.Tests;

public sealed class NewAndValidateTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_scenario_is_valid_as_written()
    {
        var path = CommandLine.Scenario(_folder);
        var line = new CommandLine();

        Assert.Equal(ExitCodes.Done, line.Run("validate", path));
        Assert.Equal("", line.Error);
        Assert.Contains("\nfirst: L = 25ns, E = 25ns\n", line.Output, StringComparison.Ordinal);
        Assert.Equal(ScenarioSchema.Generate(), File.ReadAllText(_folder.PathOf(ScenarioSchema.FileName)));
    }

    [Fact]
    public void A_new_scenario_runs_as_written_and_meets_its_expectations()
    {
        var path = CommandLine.Scenario(_folder);
        var line = new CommandLine { Work = Cluster.Runs.RunSession.Run };

        Assert.Equal(ExitCodes.Done, line.Run("run", path, "--out", _folder.PathOf("out")));
        Assert.Contains("ok counter(\"rounds_played\") == rounds\n", line.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kvm")]
    [InlineData("qemu-11")]
    public void A_new_scenario_for_ARM_runs_as_written_with_each_profile(string profile)
    {
        Assert.Equal(ExitCodes.Done, new CommandLine().Run("new", "scenario", "first", "--board", "arm-virt", "--dir", _folder.Root));
        var path = _folder.PathOf("first.yaml");
        File.WriteAllText(path, File.ReadAllText(path).Replace("profile: kvm", $"profile: {profile}", StringComparison.Ordinal));
        var line = new CommandLine { Work = Cluster.Runs.RunSession.Run };

        Assert.Equal(ExitCodes.Done, line.Run("run", path, "--out", _folder.PathOf("out")));
        Assert.Contains("ok exits(\"sysreg_write ICC_SGI1R_EL1\") == 2 * rounds\n", line.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.PathOf("costs", "ampere-altra.yaml")));
    }

    /// <summary>What its comments offer works when it is uncommented.</summary>
    [Theory]
    [InlineData("loongarch-virt")]
    [InlineData("arm-virt")]
    public void What_a_new_scenario_offers_in_comments_runs_too(string board)
    {
        Assert.Equal(ExitCodes.Done, new CommandLine().Run("new", "scenario", "first", "--board", board, "--dir", _folder.Root));
        var path = _folder.PathOf("first.yaml");
        string[] offered = ["matrix:", "  vcpus:", "  rounds: [", "migrations:", "  - at:"];
        var text = File.ReadAllText(path);
        foreach (var line in offered)
        {
            Assert.Contains("# " + line, text, StringComparison.Ordinal);
            text = text.Replace("# " + line, line, StringComparison.Ordinal);
        }

        File.WriteAllText(path, text);
        var console = new CommandLine { Work = Cluster.Runs.RunSession.Run };
        Assert.Equal(ExitCodes.Done, console.Run("run", path, "--out", _folder.PathOf("out")));
        Assert.Contains("first: 4 variants", console.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("loongarch-virt", "256")]
    [InlineData("arm-virt", "512")]
    public void A_new_guest_assembles_for_any_number_of_vcpus(string board, string most)
    {
        Assert.Equal(ExitCodes.Done, new CommandLine().Run("new", "guest", "mine", "--board", board, "--dir", _folder.Root));

        foreach (var vcpus in (string[])["1", "2", most])
        {
            Assert.Equal(ExitCodes.Done, new CommandLine().Run("validate", _folder.PathOf("mine.guest"), "--vcpus", vcpus));
        }
    }

    [Fact]
    public void Nothing_that_exists_is_overwritten()
    {
        var path = CommandLine.Scenario(_folder);
        File.WriteAllText(path, "mine");
        var line = new CommandLine();

        Assert.Equal(ExitCodes.Usage, line.Run("new", "scenario", "first", "--dir", _folder.Root));
        Assert.Equal("mine", File.ReadAllText(path));
        Assert.Contains("exists already and is left as it is", line.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_guest_exists_the_scenario_is_not_written_either()
    {
        Directory.CreateDirectory(_folder.PathOf("guests"));
        File.WriteAllText(_folder.PathOf("guests", "first.guest"), "mine");

        Assert.Equal(ExitCodes.Usage, new CommandLine().Run("new", "scenario", "first", "--dir", _folder.Root));
        Assert.False(File.Exists(_folder.PathOf("first.yaml")));
    }

    [Fact]
    public void A_second_scenario_keeps_the_cost_profile_that_is_there()
    {
        CommandLine.Scenario(_folder);
        File.AppendAllText(_folder.PathOf("costs", "3c5000.yaml"), "# mine\n");
        var line = new CommandLine();

        Assert.Equal(ExitCodes.Done, line.Run("new", "scenario", "second", "--dir", _folder.Root, "--json"));
        using var document = JsonDocument.Parse(line.Output);
        Assert.Equal(2, document.RootElement.GetProperty("created").GetArrayLength());
        Assert.Equal(2, document.RootElement.GetProperty("kept").GetArrayLength());
        Assert.EndsWith("# mine\n", File.ReadAllText(_folder.PathOf("costs", "3c5000.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_of_a_guest_have_file_line_and_column()
    {
        var guest = _folder.PathOf("wrong.guest");
        File.WriteAllText(guest, ".arch loongarch\nstart:\n    ad t0, t0, 1\n    exit\n");
        var line = new CommandLine();

        Assert.Equal(ExitCodes.Usage, line.Run("validate", guest, "--json"));
        Assert.StartsWith($"{guest}:3:5: error: ", line.Error, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(line.Output);
        Assert.False(document.RootElement.GetProperty("valid").GetBoolean());
        Assert.Equal(line.Error.TrimEnd(), document.RootElement.GetProperty("errors")[0].GetString());
    }

    [Fact]
    public void A_scenario_with_a_broken_guest_is_not_valid()
    {
        var path = CommandLine.Scenario(_folder);
        File.WriteAllText(_folder.PathOf("guests", "first.guest"), "nonsense");
        var line = new CommandLine();

        Assert.Equal(ExitCodes.Usage, line.Run("validate", path));
        Assert.Contains("first.guest:1:1: error: ", line.Error, StringComparison.Ordinal);
        Assert.Equal("", line.Output);
    }

    [Fact]
    public void A_cost_profile_is_recognised_whole_or_broken()
    {
        CommandLine.Scenario(_folder);
        var costs = _folder.PathOf("costs", "3c5000.yaml");
        var line = new CommandLine();

        Assert.Equal(ExitCodes.Done, line.Run("validate", costs));
        Assert.Contains("Path          25ns between groups, jitter 0ps\n", line.Output, StringComparison.Ordinal);

        File.WriteAllText(costs, File.ReadAllText(costs).Replace("value: 25ns", "value: 0ns", StringComparison.Ordinal));
        var broken = new CommandLine();
        Assert.Equal(ExitCodes.Usage, broken.Run("validate", costs));
        Assert.Contains("paths.betweenGroups", broken.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_is_the_published_one()
    {
        var line = new CommandLine();

        Assert.Equal(ExitCodes.Done, line.Run("validate", "--schema"));
        Assert.Equal(ScenarioSchema.Generate(), line.Output);
    }
}
