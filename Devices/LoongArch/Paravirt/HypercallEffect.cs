namespace Trapline.Devices.LoongArch.Paravirt;

/// <summary>What is left to do for a hypercall.</summary>
public enum HypercallEffect
{
    /// <summary>Nothing: a0 takes the result, and pc goes on. KVM counts it.</summary>
    Return,

    /// <summary>The same; a code that is unknown or switched off, which KVM does not count.</summary>
    ReturnUncounted,

    /// <summary>SWI0 is to be raised in the CPUs that <see cref="IpiTargets"/> names; then as <see cref="Return"/>.</summary>
    SendIpi,

    /// <summary>KVM_EXIT_HYPERCALL: user space gives a0; the result is what it gives if it writes nothing. pc goes on when the vCPU is run again.</summary>
    ExitToUser,

    /// <summary>KVM_EXIT_DEBUG: a0 and pc stay.</summary>
    ExitForDebugger,

    /// <summary>KVM_EXIT_SYSTEM_EVENT of a crash: a0 and pc stay.</summary>
    ExitForCrash,
}
