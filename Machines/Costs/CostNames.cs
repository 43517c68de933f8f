using Trapline.Actors.Guests;

namespace Trapline.Machines.Costs;

/// <summary>The names of costs. A profile has to give each that its architecture has, and nothing else.</summary>
public static class CostNames
{
    public const string Instruction = "instruction";
    public const string RemoteMemory = "remoteMemory";
    public const string Hypercall = "hypercall";
    public const string UserAccess = "userAccess";
    public const string KernelAccess = "kernelAccess";
    public const string InjectionIoctl = "injectionIoctl";
    public const string KickIdle = "kickIdle";
    public const string KickRunning = "kickRunning";
    public const string KickOutside = "kickOutside";
    public const string WakeRunning = "wakeRunning";
    public const string WakeIdle = "wakeIdle";
    public const string HypercallDecode = "hypercallDecode";
    public const string HypercallTarget = "hypercallTarget";
    public const string GuestHandler = "guestHandler";
    public const string WakeUpPath = "wakeUpPath";
    public const string NativeIpi = "nativeIpi";
    public const string NativeWake = "nativeWake";
    public const string NativeAccess = "nativeAccess";
    public const string VmmLockHold = "vmmLockHold";
    public const string ItsCommand = "itsCommand";
    public const string Kappa = "kappa";
    public const string UserRatio = "userRatio";
    public const string KernelRatio = "kernelRatio";
    public const string PagingSlowdown = "pagingSlowdown";
    public const string BetweenGroups = "betweenGroups";

    /// <summary>Those of every architecture.</summary>
    public static IReadOnlyList<string> Costs { get; } =
    [
        Instruction, RemoteMemory, Hypercall, HypercallDecode, HypercallTarget, KernelAccess, UserAccess, InjectionIoctl, KickIdle, KickRunning,
        KickOutside, WakeRunning, WakeIdle, GuestHandler, WakeUpPath, NativeIpi, NativeWake, NativeAccess, VmmLockHold, ItsCommand,
    ];

    /// <summary>Of ARM alone.</summary>
    private static readonly string[] ArmAlone = [ItsCommand];

    /// <summary>Of LoongArch alone: its hypercalls name many targets, and it has machines without a hypervisor.</summary>
    private static readonly string[] LoongArchAlone = [HypercallDecode, HypercallTarget, WakeUpPath, NativeIpi, NativeWake, NativeAccess];

    /// <summary>
    /// Costs that include a call to another group and its answer. The travel of both is part of them; so none can be
    /// shorter than two path latencies.
    /// </summary>
    public static IReadOnlyList<string> WithCall { get; } = [RemoteMemory, Hypercall, KernelAccess, UserAccess, KickIdle, KickRunning, KickOutside, NativeAccess];

    public static IReadOnlyList<string> Factors { get; } = [Kappa, UserRatio, KernelRatio, PagingSlowdown];

    public static IReadOnlyList<string> Paths { get; } = [BetweenGroups];

    /// <summary>The costs that a profile of an architecture has.</summary>
    public static IReadOnlyList<string> CostsOf(GuestArchitecture architecture) =>
        [.. Costs.Except(architecture == GuestArchitecture.Arm ? LoongArchAlone : ArmAlone)];

    /// <summary>The factors that a profile of an architecture has.</summary>
    public static IReadOnlyList<string> FactorsOf(GuestArchitecture architecture) => architecture == GuestArchitecture.Arm ? [UserRatio, KernelRatio] : Factors;
}
