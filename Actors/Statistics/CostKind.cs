namespace Trapline.Actors.Statistics;

/// <summary>
/// What a vCPU's time went on: a cost of the profile, or, from <see cref="Work"/> on, something that has no price. Names are
/// in <see cref="CostKinds"/>; saved state uses those, so numbers may change.
/// </summary>
public enum CostKind : byte
{
    Instruction,
    RemoteMemory,
    Hypercall,
    HypercallDecode,
    HypercallTarget,
    KernelAccess,
    UserAccess,
    InjectionIoctl,
    KickIdle,
    KickRunning,
    KickOutside,
    WakeRunning,
    WakeIdle,
    GuestHandler,
    WakeUpPath,
    NativeIpi,
    NativeWake,
    NativeAccess,

    /// <summary>A <c>work</c> that names no cost.</summary>
    Work,

    /// <summary>In <c>idle</c>, until something woke it.</summary>
    Asleep,

    /// <summary>In <c>wait</c>.</summary>
    Spinning,

    /// <summary>For locks and other requests, beyond what the access itself costs; also what an answer did not itemise.</summary>
    Waiting,

    /// <summary>What calls to other hosts, there and back, took longer than inside one host.</summary>
    InterHostTravel,
}
