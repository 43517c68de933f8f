using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Common.Profiles;
using Trapline.Machines.Boards;
using Trapline.Machines.Quirks;
using Trapline.Machines.Scenarios.Migrations;

namespace Trapline.Machines.Scenarios;

/// <summary>The key <c>machine</c>.</summary>
public sealed record MachineSection
{
    public const int MinimumVcpus = 1;
    public const int MaximumVcpus = 512;

    [Description("Which devices the machine has, at which addresses, wired how.")]
    public required Board Board { get; init; }

    [Description("Number of virtual CPUs: of loongarch-virt at most 256, of arm-virt 512. May be left out when the matrix gives it to every variant; a value in the matrix takes its place.")]
    [Range(MinimumVcpus, MaximumVcpus)]
    public int? Vcpus { get; init; }

    [Description("Whose behaviour the interrupt controllers have where implementations differ; each board has profiles of its own.")]
    [DefaultValue("kvm")]
    public IProfile Profile
    {
        get => field ?? BoardKind.Of(Board).Profiles[0];
        init;
    }

    [Description("What is between the guest and the hardware: KVM, or nothing, which is bare metal.")]
    [DefaultValue("kvm")]
    public Hypervisor Hypervisor { get; init; } = Hypervisor.Kvm;

    [Description("Where the interrupt controllers of a virtual machine are: in the kernel, each behind its own lock, or in user space, behind exits and one big lock.")]
    [DefaultValue("kernel")]
    public Irqchip Irqchip { get; init; } = Irqchip.Kernel;

    [Description("Whether the VMM's big lock makes anyone wait.")]
    [DefaultValue("on")]
    public BigLock BigLock { get; init; } = BigLock.On;

    [Description("How the messages of the MSI device are sent: its queues in the kernel and an eventfd for each, or the device in user space and a system call for each message.")]
    [DefaultValue("irqfd")]
    public MessageDelivery Msi { get; init; } = MessageDelivery.Irqfd;

    [Description("Which paravirtual interface the guest finds: that of Linux now, that of the patch series of March 2024 (v6), or none.")]
    [DefaultValue("final")]
    public Paravirtualization Paravirt { get; init; } = Paravirtualization.Final;

    [Description("INTIDs of the distributor of arm-virt, the 32 private ones included: a multiple of 32.")]
    [Range(GicTopology.MinimumInterrupts, InterruptIds.MaximumDistributed)]
    [DefaultValue(ArmHost.DefaultInterrupts)]
    public int? Interrupts { get; init; }

    [Description("Bugs that the real code once had, by name, on top of the profile; trapline quirks lists them.")]
    public QuirkSet Quirks { get; init; } = QuirkSet.None;

    [Description("What joins the two hosts of a VM that migrates.")]
    public LinkSection Link { get; init; } = new();

    [Description("The modelled hosts on which this one machine lies, with the way between them; not together with machines or migrations. Left out, it is on one.")]
    public HostsSection? Hosts { get; init; }

    /// <summary>The word of a key of <see cref="MachineChange.WordKeys"/>.</summary>
    public string WordOf(string key) => key switch
    {
        "profile" => Profile.Name,
        "hypervisor" => MachineChange.WordOf(Hypervisor),
        "irqchip" => MachineChange.WordOf(Irqchip),
        "bigLock" => MachineChange.WordOf(BigLock),
        "msi" => MachineChange.WordOf(Msi),
        _ => MachineChange.WordOf(Paravirt),
    };

    /// <summary>Without a hypervisor there is no VMM that could hold controllers or a lock, and nobody to call.</summary>
    public MachineSettings ToSettings() => Hypervisor == Hypervisor.None
        ? new() { Hypervisor = Hypervisor.None, Irqchip = Irqchip.Kernel, BigLock = BigLock.Off, Paravirt = Paravirtualization.None, Interrupts = Interrupts, Quirks = Quirks, Hosts = Spread }
        : new() { Hypervisor = Hypervisor, Irqchip = Irqchip, BigLock = BigLock, Msi = Msi, Paravirt = Paravirt, Interrupts = Interrupts, Quirks = Quirks, Hosts = Spread };

    private HostSpread? Spread => Hosts is { } hosts ? new(hosts.Count, hosts.Latency) : null;

    /// <summary>What is wrong with a number of vCPUs of a profile, after the key; null if nothing is.</summary>
    public static string? ProblemOf(Int128 vcpus, IProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var most = BoardKind.MaximumVcpusOf(profile);
        return vcpus <= most
            ? null
            : $"is {vcpus}, but a machine with the profile {profile.Name} has at most {most} CPUs; take fewer or another machine.profile";
    }
}
