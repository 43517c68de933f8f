namespace Trapline.Devices.LoongArch.Transfer;

/// <summary>
/// The groups of state that a VMM transfers, and the control steps between them, in the order in which a destination sets
/// them (spec loongarch-irqchip 7.7 and 9). Pages come before all of them.
/// </summary>
public enum StateGroup : byte
{
    None,

    /// <summary>KVM_SET_GSI_ROUTING, and what the VMM knows of its devices' messages.</summary>
    Routing,

    /// <summary>Control step: KVM_IRQFD for each eventfd in use.</summary>
    Irqfds,

    /// <summary>EIOINTC GRP_REGS: NODETYPE, IPMAP, ENABLE, BOUNCE, ISR, COREMAP.</summary>
    EiointcRegisters,

    /// <summary>EIOINTC GRP_REGS: COREISR of each vCPU.</summary>
    EiointcCoreIsr,

    /// <summary>EIOINTC GRP_SW_STATUS: STATE.</summary>
    EiointcStatus,

    /// <summary>Control step, EIOINTC GRP_CTRL: LOAD_FINISHED.</summary>
    EiointcLoadFinished,

    /// <summary>IPI GRP_REGS of each vCPU.</summary>
    IpiRegisters,

    /// <summary>PCH-PIC GRP_REGS.</summary>
    PchPicRegisters,

    /// <summary>The counter, once, through vCPU 0.</summary>
    Counter,

    /// <summary>General registers and program counter of each vCPU.</summary>
    VcpuRegisters,

    /// <summary>Control registers of each vCPU but those of its timer; ESTAT is one of them.</summary>
    VcpuControl,

    /// <summary>Timer of each vCPU: TVAL, then TCFG.</summary>
    VcpuTimer,

    /// <summary>Steal-time address of each vCPU.</summary>
    VcpuStealTime,

    /// <summary>Devices of the VMM, and its controllers where they are in user space: rows, as QEMU's vmstate.</summary>
    Devices,

    /// <summary>Pages of guest memory.</summary>
    Memory,
}
