using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common.Profiles;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Machines.Scenarios;

namespace Trapline.Machines.Boards;

/// <summary>What a scenario can say of a board, and how it is built: one for each value of <see cref="Scenarios.Board"/>.</summary>
public sealed class BoardKind
{
    public static readonly BoardKind LoongArchVirt = new()
    {
        Board = Board.LoongArchVirt,
        Architecture = GuestArchitecture.LoongArch,
        Profiles = LoongArchProfiles.All,
        Build = Boards.LoongArchVirt.Build,
    };

    public static readonly BoardKind ArmVirt = new()
    {
        Board = Board.ArmVirt,
        Architecture = GuestArchitecture.Arm,
        Profiles = GicProfiles.All,
        Build = Boards.ArmVirt.Build,
    };

    private BoardKind()
    {
    }

    public static IReadOnlyList<BoardKind> All { get; } = [LoongArchVirt, ArmVirt];

    public required Board Board { get; init; }

    /// <summary>That its guests and its costs must be of.</summary>
    public required GuestArchitecture Architecture { get; init; }

    /// <summary>Whose behaviour its controllers can have; the default first.</summary>
    public required IReadOnlyList<IProfile> Profiles { get; init; }

    /// <summary>Most vCPUs of a machine with any profile.</summary>
    public int MaximumVcpus => Profiles.Max(MaximumVcpusOf);

    /// <summary>Makes the plan of a machine whose request has a profile of this board.</summary>
    public required Func<MachineRequest, SimulationPlan> Build { get; init; }

    public string Name => MachineChange.WordOf(Board);

    public IReadOnlyList<string> ProfileNames => [.. Profiles.Select(profile => profile.Name)];

    public static BoardKind Of(Board board) => All.Single(kind => kind.Board == board);

    /// <summary>The profile of a name, or null.</summary>
    public IProfile? FindProfile(string name) => Profiles.FirstOrDefault(profile => profile.Name == name);

    /// <summary>Most vCPUs of a machine.</summary>
    public static int MaximumVcpusOf(IProfile profile) => profile is LoongArchProfile loongArch ? loongArch.MaximumVcpus : CpuAffinity.MaximumVcpus;

    /// <summary>What is wrong with the choices of a machine of this board, the key first; null if nothing is.</summary>
    public string? ProblemOf(MachineSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Quirks.All.FirstOrDefault(quirk => quirk.Architecture != Architecture) is { } quirk)
        {
            return $"quirks names {quirk.Name}, a bug of {quirk.Architecture.Name}; the board is {Name}";
        }

        if (settings.Interrupts is { } interrupts && (Architecture != GuestArchitecture.Arm || !GicTopology.IsInterruptCount(interrupts)))
        {
            return Architecture != GuestArchitecture.Arm
                ? $"{MachineChange.InterruptsKey} is {interrupts}, a choice of {ArmVirt.Name}; the board is {Name}: leave it out"
                : $"{MachineChange.InterruptsKey} is {interrupts}, but a distributor has a multiple of {InterruptIds.PrivateCount} of them, {GicTopology.MinimumInterrupts} to {InterruptIds.MaximumDistributed}; take {interrupts / InterruptIds.PrivateCount * InterruptIds.PrivateCount}";
        }

        return Architecture == GuestArchitecture.LoongArch ? null
            : settings.Hypervisor == Hypervisor.None ? $"hypervisor is none, but a machine of the board {Name} runs under KVM alone; take hypervisor: kvm or leave it out"
            : settings.Irqchip == Irqchip.User ? $"irqchip is user, but KVM for ARM has its GIC in the kernel: without it a guest would have no ITS and no timer interrupt; take irqchip: kernel or leave it out"
            : settings.Paravirt != Paravirtualization.Final ? $"paravirt is {MachineChange.WordOf(settings.Paravirt)}, a choice of LoongArch; the board is {Name}: leave it out"
            : null;
    }
}
