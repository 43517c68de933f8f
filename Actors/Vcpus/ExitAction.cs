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
}
