using System.Text.RegularExpressions;
using Trapline.Machines.Costs;
using Trapline.Machines.Scenarios;
using Trapline.Machines.Scenarios.Faults;
using Trapline.Machines.Scenarios.Migrations;
using Trapline.Machines.Scenarios.Placements;
using Trapline.Machines.Yaml;
using Xunit;

namespace Trapline.Machines.Tests.Scenarios;

public sealed class ManualTests : IDisposable
{
    private static readonly string Manual = File.ReadAllText(Repository.PathOf("docs", "manual", "scenarios.md"));

    private readonly ScenarioFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_scenario_in_the_manual_loads()
    {
        Directory.CreateDirectory(_folder.PathOf("guests"));
        File.WriteAllText(_folder.PathOf("guests", "ipi-multicast.guest"), "");
        var blocks = Regex.Matches(Manual, "```yaml\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(blocks);
        Assert.All(blocks, block =>
        {
            Assert.StartsWith(ScenarioSchema.Modeline + "\n", block, StringComparison.Ordinal);
            Assert.Equal(6, _folder.LoadValid(block).Variants.Count);
        });
    }

    [Fact]
    public void Every_key_and_every_cost_is_in_the_manual()
    {
        (string Prefix, Type Shape)[] sections =
            [("machine.", typeof(MachineSection)), ("guest.", typeof(GuestSection)), ("length.", typeof(LengthSection)), ("limits.", typeof(LimitsSection)), ("perturb.", typeof(PerturbSection)), ("faults.", typeof(FaultSection)),
             ("machine.link.", typeof(LinkSection)), ("machine.hosts.", typeof(HostsSection)), ("migrations.", typeof(MigrationSection)), ("migrations.fail.", typeof(FailSection)), ("migrations.tamper.", typeof(TamperSection)), ("machines.", typeof(MachinesSection)), ("machines.link.", typeof(MachinesLinkSection)), ("placement.", typeof(PlacementSection))];
        IEnumerable<string> keys =
        [
            .. sections.SelectMany(section => KeyShape.Keys(section.Shape).Select(key => section.Prefix + key)).Except(["machine.link", "machine.hosts", "machines.link", "migrations.fail", "migrations.tamper"]),
            .. KeyShape.Keys(typeof(ScenarioFile)).Except(["machine", "machines", "placement", "guest", "length", "limits", "perturb", "faults", "migrations"]),
            .. CostNames.Costs,
            .. MachineChange.WordKeys,
        ];

        Assert.All(keys, key => Assert.Contains($"| `{key}` |", Manual, StringComparison.Ordinal));
    }
}
