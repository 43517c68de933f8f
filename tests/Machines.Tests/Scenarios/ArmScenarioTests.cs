using Trapline.Devices.Arm.Profiles;
using Trapline.Machines.Boards;
using Trapline.Machines.Costs;
using Xunit;

namespace Trapline.Machines.Tests.Scenarios;

/// <summary>A scenario of the board <c>arm-virt</c>: what it can say, and what is told of what it cannot.</summary>
public sealed class ArmScenarioTests : IDisposable
{
    private const string Text = """
        name: arm
        machine:
          board: arm-virt
          vcpus: 4
        guest:
          file: ipi.guest
        costs: ampere-altra
        length:
          until: 1ms

        """;

    private readonly ScenarioFolder _folder = new();

    public ArmScenarioTests() => File.Copy(Repository.PathOf("scenarios", "costs", "ampere-altra.yaml"), _folder.PathOf("costs", "ampere-altra.yaml"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_ARM_machine_has_the_first_of_its_boards_profiles_and_up_to_512_vCPUs()
    {
        var variant = _folder.LoadValid(Text.Replace("vcpus: 4", "vcpus: 512", StringComparison.Ordinal)).Variants[0];

        Assert.Equal((BoardKind.ArmVirt.Board, 512), (variant.Board, variant.Vcpus));
        Assert.Same(GicProfiles.Kvm, variant.Profile);
        Assert.Same(GicProfiles.Qemu11, _folder.LoadValid(Text.Replace("vcpus: 4", "vcpus: 4\n  profile: qemu-11", StringComparison.Ordinal)).Variants[0].Profile);
    }

    [Fact]
    public void Quirks_of_a_GIC_change_how_it_behaves()
    {
        var variant = _folder.LoadValid(Text.Replace("vcpus: 4", "vcpus: 4\n  quirks: [movall-moves-all]", StringComparison.Ordinal)).Variants[0];

        Assert.True(((GicProfile)variant.Behaviour).MoveAllIgnoresSource);
        Assert.False(((GicProfile)variant.Profile).MoveAllIgnoresSource);
    }

    [Fact]
    public void The_number_of_interrupts_is_the_machines_or_a_choices()
    {
        Assert.Null(_folder.LoadValid(Text).Variants[0].Machine.Interrupts);
        Assert.Equal(992, _folder.LoadValid(Text.Replace("vcpus: 4", "vcpus: 4\n  interrupts: 992", StringComparison.Ordinal)).Variants[0].Machine.Interrupts);
        var variants = _folder.LoadValid(Text.Replace("length:", "matrix:\n  spis: {few: {interrupts: 64}, usual: {}}\nlength:", StringComparison.Ordinal)).Variants;
        Assert.Equal([64, null], variants.Select(variant => variant.Machine.Interrupts));
    }

    [Theory]
    [InlineData("vcpus: 4", "vcpus: 4\n  interrupts: 1024", "5:15: error: machine.interrupts must be from 64 to 992, ")]
    [InlineData("vcpus: 4", "vcpus: 4\n  interrupts: 100", "5:15: error: machine.interrupts is 100, but a distributor has a multiple of 32 of them, 64 to 992; take 96")]
    [InlineData("board: arm-virt", "board: loongarch-virt\n  interrupts: 64", "4:15: error: machine.interrupts is 64, a choice of arm-virt; the board is loongarch-virt: leave it out")]
    [InlineData("length:", "matrix:\n  interrupts: [64, 96]\nlength:", "9:3: error: matrix.interrupts is no axis; name an axis of your own")]
    [InlineData("vcpus: 4", "vcpus: 513", "4:10: error: machine.vcpus must be from 1 to 512, ")]
    [InlineData("vcpus: 4", "vcpus: 4\n  profile: kvm-6.18", "5:12: error: machine.profile must be one of kvm, qemu-11, not 'kvm-6.18'")]
    [InlineData("vcpus: 4", "vcpus: 4\n  hypervisor: none", "5:15: error: machine.hypervisor is none, but a machine of the board arm-virt runs under KVM alone")]
    [InlineData("vcpus: 4", "vcpus: 4\n  irqchip: user", "5:12: error: machine.irqchip is user, but KVM for ARM has its GIC in the kernel")]
    [InlineData("vcpus: 4", "vcpus: 4\n  paravirt: v6", "5:13: error: machine.paravirt is v6, a choice of LoongArch; the board is arm-virt")]
    [InlineData("vcpus: 4", "vcpus: 4\n  quirks: [second-bitmap]", "5:11: error: machine.quirks names second-bitmap, a bug of loongarch; the board is arm-virt")]
    [InlineData("board: arm-virt", "board: loongarch-virt\n  quirks: [movall-moves-all]", "4:11: error: machine.quirks names movall-moves-all, a bug of arm; the board is loongarch-virt")]
    [InlineData("costs: ampere-altra", "costs: 3c5000", "7:8: error: the cost profile 3c5000 is of loongarch, but machine.board is arm-virt; take a profile with architecture: arm")]
    [InlineData("length:", "matrix:\n  scheme: {a: {costs: {hypercallTarget: 5us}}, b: {}}\nlength:", "9:41: error: matrix.scheme.a.costs.hypercallTarget sets a cost that arm does not have")]
    [InlineData("length:", "matrix:\n  irqchip: [kernel, user]\nlength:", "9:3: error: in the variant irqchip=user irqchip is user, but KVM for ARM")]
    public void What_an_ARM_machine_cannot_be_is_told_with_its_place(string from, string to, string expected)
    {
        var errors = _folder.Load(Text.Replace(from, to, StringComparison.Ordinal)).Errors.Select(error => $"{error}"[(_folder.ScenarioPath.Length + 1)..]);
        Assert.StartsWith(expected, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cost_profile_has_what_its_architecture_has_and_nothing_else()
    {
        var text = File.ReadAllText(Repository.PathOf("scenarios", "costs", "ampere-altra.yaml"));
        var profile = CostProfileLoader.Parse(text, "altra.yaml").Profile!;
        Assert.Equal(CostNames.CostsOf(profile.Architecture), profile.Costs.Select(cost => cost.Name));
        Assert.Equal(profile[CostNames.KickIdle].Value, profile.ToVcpuCosts().KickIdle);
        Assert.Equal(default, profile.ToVcpuCosts().HypercallTarget);

        var foreign = CostProfileLoader.Parse(text.Replace("architecture: arm", "architecture: loongarch", StringComparison.Ordinal), "altra.yaml");
        Assert.Contains(foreign.Errors, error => $"{error}".Contains("hypercallDecode", StringComparison.Ordinal));
        Assert.Contains(foreign.Errors, error => $"{error}".Contains("itsCommand", StringComparison.Ordinal));
    }
}
