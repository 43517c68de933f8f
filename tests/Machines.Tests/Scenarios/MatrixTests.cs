using Trapline.Devices.LoongArch.Profiles;
using Trapline.Machines.Boards;
using Trapline.Machines.Costs;
using Trapline.Machines.Scenarios;
using Trapline.Messages;
using Xunit;

namespace Trapline.Machines.Tests.Scenarios;

/// <summary>Axes that vary the machine: its keys, and mappings of several keys at once.</summary>
public sealed class MatrixTests : IDisposable
{
    private readonly ScenarioFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_key_of_machine_is_an_axis_and_leaves_the_other_keys_alone()
    {
        var variants = Variants("irqchip: [kernel, user]\n  bigLock: [off]");

        Assert.Equal(["irqchip=kernel bigLock=off", "irqchip=user bigLock=off"], variants.Select(variant => variant.Name));
        Assert.Equal(
            [new() { BigLock = BigLock.Off }, new() { BigLock = BigLock.Off, Irqchip = Irqchip.User }],
            variants.Select(variant => variant.Machine));
        Assert.All(variants, variant => Assert.Equal(4, variant.Vcpus));
        Assert.Equal("user", variants[1].Parameters["irqchip"]);
        Assert.DoesNotContain("irqchip", variants[1].Constants.Keys);
    }

    [Fact]
    public void A_profile_may_differ_between_variants()
    {
        var variants = Variants("profile: [kvm, qemu-7.2]");

        Assert.Equal([LoongArchProfiles.Kvm, LoongArchProfiles.Find("qemu-7.2")], variants.Select(variant => variant.Profile));
    }

    [Fact]
    public void A_choice_that_is_a_mapping_changes_several_keys_at_once()
    {
        var variants = Variants("scheme: {native: {hypervisor: none, rounds: 5}, iocsr: {paravirt: none, vcpus: 7}, pv: {paravirt: v6, gap: 3us}}");

        Assert.Equal(["scheme=native", "scheme=iocsr", "scheme=pv"], variants.Select(variant => variant.Name));
        Assert.Equal(
            [new() { Hypervisor = Hypervisor.None, BigLock = BigLock.Off, Paravirt = Paravirtualization.None }, new() { Paravirt = Paravirtualization.None }, new() { Paravirt = Paravirtualization.V6 }],
            variants.Select(variant => variant.Machine));
        Assert.Equal([4, 7, 4], variants.Select(variant => variant.Vcpus));
        Assert.Equal([5L, 1000, 1000], variants.Select(variant => variant.Constants["rounds"]));
        Assert.Equal([10_000L, 10_000, 3_000], variants.Select(variant => variant.Constants["gap"]));
        Assert.Equal("3us", variants[2].Parameters["gap"]);
        Assert.All(variants, variant => Assert.DoesNotContain("scheme", variant.Constants.Keys));
    }

    [Fact]
    public void The_number_of_vcpus_may_come_from_every_choice_of_a_mapping_and_from_nowhere_else()
    {
        var text = ScenarioFolder.Valid.Replace("  vcpus: 4\n", "", StringComparison.Ordinal);

        Assert.Equal([2, 3], _folder.LoadValid(With("size: {small: {vcpus: 2}, large: {vcpus: 3}}", text)).Variants.Select(variant => variant.Vcpus));
        Assert.Single(_folder.Errors(With("size: {small: {vcpus: 2}, large: {}}", text)));
    }

    [Fact]
    public void A_cost_may_be_set_for_a_variant_and_its_range_holds_it()
    {
        var scenario = _folder.LoadValid(With("scheme: {as-is: {}, fast: {costs: {vmmLockHold: 0ns, kickIdle: 2us}}}", ScenarioFolder.Valid));

        Assert.Equal(scenario.Costs, scenario.CostsOf(scenario.Variants[0]));
        var costs = scenario.CostsOf(scenario.Variants[1]);
        Assert.Equal((VirtualTime.Zero, VirtualTime.Zero), (costs[CostNames.VmmLockHold].Value, costs[CostNames.VmmLockHold].Low));
        Assert.Equal(VirtualTime.FromNanoseconds(2000), costs[CostNames.KickIdle].Value);
        Assert.Equal(costs[CostNames.KickIdle].Value, costs[CostNames.KickIdle].High);
        Assert.Equal("Set by matrix.scheme.fast.costs.kickIdle of the scenario.", costs[CostNames.KickIdle].Source);
        Assert.Equal(scenario.Costs[CostNames.Hypercall], costs[CostNames.Hypercall]);
    }

    [Fact]
    public void Expectations_compare_the_axis_and_every_key_of_machine_as_texts()
    {
        var text = With("scheme: {native: {hypervisor: none}, pv: {}}", ScenarioFolder.Valid).Replace(
            "endReason == \"exit\"", "scheme == \"pv\" or hypervisor == \"none\" and profile == \"kvm\"", StringComparison.Ordinal);

        Assert.Equal(2, _folder.LoadValid(text).Variants.Count);
    }

    private IReadOnlyList<ScenarioVariant> Variants(string axes) => _folder.LoadValid(With(axes, ScenarioFolder.Valid)).Variants;

    private static string With(string axes, string text) => text.Replace(
        "vcpus: [2, 256]\n  pattern: {one-to-all: 0, all-to-all: 1}", axes, StringComparison.Ordinal);
}
