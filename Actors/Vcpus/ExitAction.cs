namespace Trapline.Actors.Vcpus;

/// <summary>What a vCPU does once it is out of the guest.</summary>
public enum ExitAction : byte
{
    None,
    IocsrRead,
    IocsrWrite,
    MmioRead,
    MmioWrite,
    Idle,
    CpuConfiguration,
    Hypercall,

    /// <summary>A hypercall that user space serves.</summary>
    UserHypercall,

    /// <summary>A breakpoint of user space's debugger.</summary>
    DebugStop,

    /// <summary>The guest says that it has crashed.</summary>
    CrashNotice,

    /// <summary>A write to a system register that the kernel emulates.</summary>
    SystemRegister,

    /// <summary>The guest switches the machine off, or resets it.</summary>
    SystemEvent,
}
