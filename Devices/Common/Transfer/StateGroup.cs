namespace Trapline.Devices.Common.Transfer;

/// <summary>
/// The groups of state that a VMM transfers, and the control steps between them; each architecture has its own of them, in the order of its
/// <see cref="StateTable"/> (spec loongarch-irqchip 7.7 and 9, gicv3-its 9.8). Pages come before all of them. The numbers are saved.
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

    /// <summary>Control step of the source, GICv3 GRP_CTRL: SAVE_PENDING_TABLES.</summary>
    GicPendingTables,

    /// <summary>Control step of the source, ITS GRP_CTRL: SAVE_TABLES.</summary>
    ItsTables,

    /// <summary>GICv3 GRP_DIST_REGS and GRP_LEVEL_INFO of SPIs.</summary>
    GicDistributor,

    /// <summary>GICv3 GRP_REDIST_REGS of each vCPU, the frame of its SGIs and PPIs, and GRP_LEVEL_INFO of these.</summary>
    GicRedistributor,

    /// <summary>GICv3 GRP_CPU_SYSREGS of each vCPU.</summary>
    GicCpuInterface,

    /// <summary>ITS GRP_ITS_REGS but GITS_CTLR.</summary>
    ItsRegisters,

    /// <summary>Control step, ITS GRP_CTRL: RESTORE_TABLES.</summary>
    ItsRestore,

    /// <summary>GITS_CTLR, the last: it runs the commands that are left.</summary>
    ItsControl,
}
