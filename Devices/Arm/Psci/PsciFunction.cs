namespace Trapline.Devices.Arm.Psci;

/// <summary>What a guest asks firmware for by HVC or SMC, which KVM answers in its place.</summary>
public enum PsciFunction : byte
{
    /// <summary>Nothing that is known here.</summary>
    Unknown,
    Version,
    CpuSuspend,
    CpuOff,
    CpuOn,
    AffinityInfo,
    MigrateInfoType,
    SystemOff,
    SystemReset,
    Features,

    /// <summary>SMCCC_VERSION, of the calling convention itself.</summary>
    ConventionVersion,

    /// <summary>SMCCC_ARCH_FEATURES.</summary>
    ConventionFeatures,
}
