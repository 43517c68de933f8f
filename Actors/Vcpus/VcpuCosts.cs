using Trapline.Actors.Statistics;
using Trapline.Messages;

namespace Trapline.Actors.Vcpus;

/// <summary>
/// What a vCPU waits out, in virtual time. The symbols are those of the cost model from which the profiles are made;
/// a profile names value, range, basis and source of each.
/// </summary>
public sealed record VcpuCosts
{
    /// <summary>One guest instruction.</summary>
    public required VirtualTime Instruction { get; init; }

    /// <summary>E: guest exit, dispatch of a hypercall in the kernel, guest entry.</summary>
    public required VirtualTime Hypercall { get; init; }

    /// <summary>h_call: decoding the two bitmap words of one hypercall.</summary>
    public required VirtualTime HypercallDecode { get; init; }

    /// <summary>h_tgt: looking up one target of a hypercall, and its atomic.</summary>
    public required VirtualTime HypercallTarget { get; init; }

    /// <summary>C_kern: exit, emulation of one device register in the kernel, entry.</summary>
    public required VirtualTime KernelAccess { get; init; }

    /// <summary>C_user: exit to user space, emulation there, entry.</summary>
    public required VirtualTime UserAccess { get; init; }

    /// <summary>J: one system call of the VMM into the kernel, such as the one that injects.</summary>
    public required VirtualTime InjectionIoctl { get; init; }

    /// <summary>K_idle: waking a blocked vCPU, paid by the one who kicks.</summary>
    public required VirtualTime KickIdle { get; init; }

    /// <summary>K_run: pulling a running vCPU out of the guest, paid by the one who kicks.</summary>
    public required VirtualTime KickRunning { get; init; }

    /// <summary>K_out: setting the pending bit of a vCPU that is outside the guest.</summary>
    public required VirtualTime KickOutside { get; init; }

    /// <summary>D_run: from the kick of a running vCPU to the start of its handler.</summary>
    public required VirtualTime WakeRunning { get; init; }

    /// <summary>D_idle: from the kick of a blocked vCPU to the start of its handler.</summary>
    public required VirtualTime WakeIdle { get; init; }

    /// <summary>A load, store or atomic on a page that lives in another group, travel included.</summary>
    public required VirtualTime RemoteMemory { get; init; }

    /// <summary>g: the guest's handler without its traps, for guests that spend it as work.</summary>
    public VirtualTime GuestHandler { get; init; }

    /// <summary>W: one wake-up on bare metal, for guests that spend it as work.</summary>
    public VirtualTime WakeUpPath { get; init; }

    /// <summary>n: on bare metal, a write to a SEND register before the sender goes on; at least an instruction.</summary>
    public VirtualTime NativeIpi { get; init; }

    /// <summary>On bare metal, from an interrupt to the next instruction of a CPU in <c>idle</c>.</summary>
    public VirtualTime NativeWake { get; init; }

    /// <summary>On bare metal, an access to a register outside the core, travel included.</summary>
    public VirtualTime NativeAccess { get; init; }

    /// <summary>The price of a kind; none for what has no price.</summary>
    public VirtualTime Of(CostKind kind) => kind switch
    {
        CostKind.Instruction => Instruction,
        CostKind.RemoteMemory => RemoteMemory,
        CostKind.Hypercall => Hypercall,
        CostKind.HypercallDecode => HypercallDecode,
        CostKind.HypercallTarget => HypercallTarget,
        CostKind.KernelAccess => KernelAccess,
        CostKind.UserAccess => UserAccess,
        CostKind.InjectionIoctl => InjectionIoctl,
        CostKind.KickIdle => KickIdle,
        CostKind.KickRunning => KickRunning,
        CostKind.KickOutside => KickOutside,
        CostKind.WakeRunning => WakeRunning,
        CostKind.WakeIdle => WakeIdle,
        CostKind.GuestHandler => GuestHandler,
        CostKind.WakeUpPath => WakeUpPath,
        CostKind.NativeIpi => NativeIpi,
        CostKind.NativeWake => NativeWake,
        CostKind.NativeAccess => NativeAccess,
        _ => VirtualTime.Zero,
    };
}
