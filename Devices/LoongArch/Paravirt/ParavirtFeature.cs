namespace Trapline.Devices.LoongArch.Paravirt;

/// <summary>Bits of the feature word that CPUCFG 0x40000004 gives (Linux arch/loongarch/include/uapi/asm/kvm_para.h).</summary>
[Flags]
public enum ParavirtFeature : ulong
{
    None = 0,

    /// <summary>The hypercall that raises SWI0 in up to 128 CPUs.</summary>
    Ipi = 1 << 1,

    /// <summary>The host writes how long a vCPU waited for a CPU.</summary>
    StealTime = 1 << 2,

    /// <summary>The host writes whether it has taken the CPU from a vCPU.</summary>
    Preempt = 1 << 3,

    /// <summary>The guest tells that it has crashed.</summary>
    Crash = 1 << 4,

    /// <summary>The virtual extension of EIOINTC: user space decides.</summary>
    VirtualExtioi = 1 << 24,

    /// <summary>Hypercalls that user space serves.</summary>
    UserHypercall = 1 << 25,
}
