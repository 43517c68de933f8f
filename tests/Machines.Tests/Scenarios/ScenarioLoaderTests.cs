using Trapline.Actors.Kernel;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Machines.Scenarios;
using Trapline.Messages;
using Xunit;

namespace Trapline.Machines.Tests.Scenarios;

public sealed class ScenarioLoaderTests : IDisposable
{
    private readonly ScenarioFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_whole_scenario_becomes_its_typed_form()
    {
        var scenario = _folder.LoadValid(ScenarioFolder.Valid);

        Assert.Equal("ipi-multicast", scenario.Name);
        Assert.Equal("One vCPU sends to all others.", scenario.Description);
        Assert.Equal(7UL, scenario.Seed);
        Assert.Equal(Board.LoongArchVirt, scenario.Board);
        Assert.All(scenario.Variants, variant => Assert.Equal(LoongArchProfiles.Kvm, variant.Profile));
        Assert.Equal(_folder.PathOf("ipi.guest"), scenario.GuestPath);
        Assert.Equal("3c5000", scenario.Costs.Name);
    }

    [Fact]
    public void The_matrix_is_a_product_in_the_order_of_the_file_with_the_first_key_slowest()
    {
        var variants = _folder.LoadValid(ScenarioFolder.Valid).Variants;

        Assert.Equal(
            ["vcpus=2 pattern=one-to-all", "vcpus=2 pattern=all-to-all", "vcpus=256 pattern=one-to-all", "vcpus=256 pattern=all-to-all"],
            variants.Select(variant => variant.Name));
        Assert.Equal([2, 2, 256, 256], variants.Select(variant => variant.Vcpus));
        Assert.Equal([0L, 1, 0, 1], variants.Select(variant => variant.Constants["pattern"]));
    }

    [Fact]
    public void A_variant_shows_parameters_as_written_and_gives_the_guest_numbers()
    {
        var variant = _folder.LoadValid(ScenarioFolder.Valid).Variants[3];

        Assert.Equal(
            new Dictionary<string, string> { ["rounds"] = "1000", ["gap"] = "10us", ["pattern"] = "all-to-all", ["vcpus"] = "256" },
            variant.Parameters);
        Assert.Equal(new Dictionary<string, long> { ["rounds"] = 1000, ["gap"] = 10_000, ["pattern"] = 1 }, variant.Constants);
        Assert.Equal(new VirtualTime(100 * VirtualTime.PerMillisecond), variant.Until);
        Assert.Equal(new VirtualTime(500 * VirtualTime.PerMicrosecond), variant.Smoke);
        Assert.Equal(new SimulationLimits { MemoryBytes = 64 << 20 }, variant.Limits);
        Assert.Equal(2, variant.Expectations.Count);
    }

    [Fact]
    public void The_least_scenario_has_one_variant_with_the_name_of_the_scenario_and_the_defaults()
    {
        var scenario = _folder.LoadValid("""
            name: small
            machine: {board: loongarch-virt, vcpus: 1}
            guest: {file: ipi.guest}
            costs: costs/3c5000.yaml
            length: {until: 1us}
            """);

        var variant = Assert.Single(scenario.Variants);
        Assert.Equal("small", variant.Name);
        Assert.Equal(1UL, scenario.Seed);
        Assert.Null(scenario.Description);
        Assert.Null(variant.Smoke);
        Assert.Equal(new SimulationLimits(), variant.Limits);
        Assert.Empty(variant.Parameters);
        Assert.Empty(variant.Expectations);
    }

    [Fact]
    public void A_value_of_the_matrix_takes_the_place_of_a_fixed_one()
    {
        var text = ScenarioFolder.Valid.Replace("pattern: {one-to-all: 0, all-to-all: 1}", "rounds: [5, -3, 0x10]", StringComparison.Ordinal);

        var variants = _folder.LoadValid(text).Variants;

        Assert.Equal([5L, -3, 16], variants.Take(3).Select(variant => variant.Constants["rounds"]));
        Assert.Equal("vcpus=2 rounds=0x10", variants[2].Name);
    }

    [Fact]
    public void The_command_line_replaces_seed_and_length_and_cuts_the_smoke_length()
    {
        var overrides = new ScenarioOverrides { Seed = ulong.MaxValue, Until = VirtualTime.FromNanoseconds(100) };

        var scenario = _folder.LoadValid(ScenarioFolder.Valid, overrides);

        Assert.Equal(ulong.MaxValue, scenario.Seed);
        Assert.All(scenario.Variants, variant => Assert.Equal((VirtualTime.FromNanoseconds(100), VirtualTime.FromNanoseconds(100)), (variant.Until, variant.Smoke)));
    }

    [Fact]
    public void Exactly_1000_variants_are_allowed()
    {
        var thousand = string.Join(", ", Enumerable.Range(0, 1000));
        var text = ScenarioFolder.Valid.Replace("vcpus: [2, 256]", $"n: [{thousand}]", StringComparison.Ordinal)
            .Replace("pattern: {one-to-all: 0, all-to-all: 1}", "m: [1]", StringComparison.Ordinal);

        Assert.Equal(1000, _folder.LoadValid(text).Variants.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    public void One_and_256_vcpus_are_allowed(int vcpus)
    {
        var text = ScenarioFolder.Valid.Replace("vcpus: [2, 256]", $"vcpus: [{vcpus}]", StringComparison.Ordinal);

        Assert.Equal(vcpus, _folder.LoadValid(text).Variants[0].Vcpus);
    }

    [Fact]
    public void A_byte_order_mark_and_windows_line_ends_are_read()
    {
        File.WriteAllBytes(_folder.ScenarioPath, [0xEF, 0xBB, 0xBF, .. System.Text.Encoding.UTF8.GetBytes(ScenarioFolder.Valid.ReplaceLineEndings("\r\n"))]);

        Assert.Empty(ScenarioLoader.Load(_folder.ScenarioPath).Errors);
    }
}
