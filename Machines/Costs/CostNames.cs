namespace Trapline.Machines.Costs;

/// <summary>The names that a profile has to give, each of them, and nothing else.</summary>
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
    public const string BetweenGroups = "betweenGroups";

    public static IReadOnlyList<string> Costs { get; } =
    [
        Instruction, RemoteMemory, Hypercall, HypercallDecode, HypercallTarget, KernelAccess, UserAccess, InjectionIoctl, KickIdle, KickRunning,
        KickOutside, WakeRunning, WakeIdle, GuestHandler, WakeUpPath, NativeIpi, NativeWake, NativeAccess, VmmLockHold,
    ];

    /// <summary>
    /// Costs that include a call to another group and its answer. The travel of both is part of them; so none can be
    /// shorter than two path latencies.
    /// </summary>
    public static IReadOnlyList<string> WithCall { get; } = [RemoteMemory, Hypercall, KernelAccess, UserAccess, KickIdle, KickRunning, KickOutside, NativeAccess];

    public static IReadOnlyList<string> Factors { get; } = ["kappa", "userRatio", "kernelRatio", "pagingSlowdown"];

    public static IReadOnlyList<string> Paths { get; } = [BetweenGroups];
}
