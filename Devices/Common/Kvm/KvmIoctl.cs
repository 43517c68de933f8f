namespace Trapline.Devices.Common.Kvm;

/// <summary>The calls of user space into KVM that a machine knows. The numbers are ours: they travel in messages.</summary>
public enum KvmIoctl : ushort
{
    None = 0,

    /// <summary>KVM_CREATE_VM, of the system's file.</summary>
    CreateVm = 1,

    // Of the VM's file.
    CreateVcpu = 2,
    CreateDevice = 3,

    /// <summary>KVM_CREATE_IRQCHIP: LoongArch answers 0 and does nothing; ARM has a GICv2 for it, where the host could.</summary>
    CreateIrqchip = 4,
    IrqLine = 5,
    SetGsiRouting = 6,
    SignalMsi = 7,
    Irqfd = 8,
    CloseVm = 9,

    // Of a device's file.
    SetDeviceAttribute = 16,
    GetDeviceAttribute = 17,
    HasDeviceAttribute = 18,
    CloseDevice = 19,

    // Of a vCPU's file.
    GetOneRegister = 32,
    SetOneRegister = 33,
    Interrupt = 34,
    CloseVcpu = 35,

    /// <summary>KVM_RUN, for the first time; from then on its returns and entries are accesses and their answers.</summary>
    Run = 36,

    SetVcpuAttribute = 37,
    GetVcpuAttribute = 38,
    HasVcpuAttribute = 39,

    /// <summary>KVM_GET_REGS, one element of its structure at a time: 0 to 31 the general registers, 32 the program counter.</summary>
    GetRegister = 40,

    /// <summary>KVM_SET_REGS, in the same way.</summary>
    SetRegister = 41,

    /// <summary>KVM_ARM_VCPU_INIT: the target, and the features as bits.</summary>
    InitializeVcpu = 42,
}
