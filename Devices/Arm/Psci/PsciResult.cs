namespace Trapline.Devices.Arm.Psci;

/// <summary>Results of PSCI calls, as x0 gets them: 64 bits, sign-extended (Linux include/uapi/linux/psci.h).</summary>
public static class PsciResult
{
    public const ulong Success = 0;

    /// <summary>Also SMCCC_RET_NOT_SUPPORTED, of a function that is not known.</summary>
    public const ulong NotSupported = unchecked((ulong)-1L);
    public const ulong InvalidParameters = unchecked((ulong)-2L);
    public const ulong AlreadyOn = unchecked((ulong)-4L);
    public const ulong InternalFailure = unchecked((ulong)-6L);

    /// <summary>Of AFFINITY_INFO.</summary>
    public const ulong AffinityOn = 0;

    /// <inheritdoc cref="AffinityOn"/>
    public const ulong AffinityOff = 1;

    /// <summary>Of MIGRATE_INFO_TYPE: there is no trusted operating system.</summary>
    public const ulong NoTrustedSystem = 2;
}
