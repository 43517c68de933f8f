namespace Trapline.Machines.Assembly;

/// <summary>What an instruction wants in one place, and where it goes.</summary>
internal enum OperandSlot
{
    /// <summary>Register into rd.</summary>
    Rd,

    /// <summary>Register into rs.</summary>
    Rs,

    /// <summary>Register into rt.</summary>
    Rt,

    /// <summary>Register into rt, or expression into the immediate.</summary>
    RtOrImmediate,

    Immediate,

    /// <summary>Number of 15 bits, what <c>hvcl</c>, <c>syscall</c> and <c>break</c> can encode.</summary>
    Code,

    /// <summary>Number of 16 bits, what <c>hvc</c>, <c>smc</c>, <c>svc</c> and <c>brk</c> can encode.</summary>
    LongCode,

    /// <summary>Four bits, what <c>daif.set</c> and <c>daif.clear</c> can encode.</summary>
    MaskBits,

    /// <summary>Expression that is no per-CPU offset.</summary>
    AbsoluteAddress,
    PerCpuOffset,

    /// <summary>Register into rs; without it the own CPU.</summary>
    CpuIndex,

    /// <summary>In brackets, into rs and the immediate.</summary>
    Address,

    /// <summary>Address of an instruction.</summary>
    Target,

    /// <summary>The same, or a register into rs, which makes a call indirect.</summary>
    CallTarget,
    Csr,

    /// <summary>Of ARM, by name.</summary>
    SystemRegister,

    /// <summary>Expression in nanoseconds, or register into rs.</summary>
    Duration,
    MarkName,
    CounterName,
    AssertionText,
}
