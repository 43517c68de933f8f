namespace Trapline.Devices.Arm.Psci;

/// <summary>
/// A call of firmware as KVM decodes it: PSCI 1.1 over SMCCC 1.1 (Linux arch/arm64/kvm/psci.c and hypercalls.c). By HVC or SMC, it makes
/// no difference.
/// </summary>
/// <param name="Function">What is asked for.</param>
/// <param name="Argument1">x1; of a 32-bit call its lower half, as of the others.</param>
/// <param name="Argument2">x2.</param>
/// <param name="Argument3">x3.</param>
public readonly record struct PsciCall(PsciFunction Function, ulong Argument1, ulong Argument2, ulong Argument3)
{
    /// <summary>PSCI 1.1.</summary>
    public const ulong Version = 0x1_0001;

    /// <summary>SMCCC 1.1.</summary>
    public const ulong ConventionVersion = 0x1_0001;

    /// <summary>Bit 30 of a function's number: its arguments have 64 bits.</summary>
    private const uint Wide = 1 << 30;

    /// <summary>Greatest affinity level of AFFINITY_INFO.</summary>
    private const ulong MostLevel = 3;
    private const int AffinityBits = 8;

    /// <summary>Aff2.Aff1.Aff0 of an argument; Aff3, bits 39:32, is not 0 for any vCPU.</summary>
    private const ulong AffinityMask = 0xFF_00FF_FFFF;

    /// <summary>What of the first argument names CPUs.</summary>
    public ulong Affinity => Argument1 & AffinityMask;

    /// <summary>Decodes x0 to x3.</summary>
    public static PsciCall Decode(ulong function, ulong argument1, ulong argument2, ulong argument3)
    {
        // The convention looks at 32 bits of x0 (smccc_get_function).
        var number = (uint)function;
        var call = new PsciCall(FunctionOf(number), argument1, argument2, argument3);
        return (number & Wide) != 0 ? call : call with { Argument1 = (uint)argument1, Argument2 = (uint)argument2, Argument3 = (uint)argument3 };
    }

    /// <summary>Whether an affinity is that of one existing CPU as CPU_ON has to name it.</summary>
    /// <param name="cpu">Of the CPU: Aff2.Aff1.Aff0.</param>
    public bool Names(uint cpu) => Affinity == cpu;

    /// <summary>Of AFFINITY_INFO: whether a CPU belongs to what is asked about.</summary>
    /// <param name="cpu">Its Aff2.Aff1.Aff0.</param>
    public bool IsAbout(uint cpu)
    {
        var mask = ~0UL << (AffinityBits * (int)Argument2);
        return HasLevel && (cpu & mask) == (Affinity & mask);
    }

    /// <summary>Of AFFINITY_INFO: whether the level in its second argument exists.</summary>
    public bool HasLevel => Argument2 <= MostLevel;

    /// <summary>PSCI_FEATURES of the number in the first argument; no function has flags here.</summary>
    public ulong Features() => FunctionOf((uint)Argument1) switch
    {
        PsciFunction.Unknown or PsciFunction.ConventionFeatures => PsciResult.NotSupported,
        _ => PsciResult.Success,
    };

    /// <summary>SMCCC_ARCH_FEATURES of the number in the first argument: the CPU has no flaw that firmware would have to work around.</summary>
    public ulong ConventionFeatures() => FunctionOf((uint)Argument1) switch
    {
        PsciFunction.ConventionVersion or PsciFunction.ConventionFeatures => PsciResult.Success,
        _ => PsciResult.NotSupported,
    };

    private static PsciFunction FunctionOf(uint number) => number switch
    {
        0x8000_0000 => PsciFunction.ConventionVersion,
        0x8000_0001 => PsciFunction.ConventionFeatures,
        0x8400_0000 => PsciFunction.Version,
        0x8400_0001 or 0xC400_0001 => PsciFunction.CpuSuspend,
        0x8400_0002 => PsciFunction.CpuOff,
        0x8400_0003 or 0xC400_0003 => PsciFunction.CpuOn,
        0x8400_0004 or 0xC400_0004 => PsciFunction.AffinityInfo,
        0x8400_0006 => PsciFunction.MigrateInfoType,
        0x8400_0008 => PsciFunction.SystemOff,
        0x8400_0009 or 0x8400_0012 or 0xC400_0012 => PsciFunction.SystemReset,
        0x8400_000A => PsciFunction.Features,
        _ => PsciFunction.Unknown,
    };
}
