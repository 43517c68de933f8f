namespace Trapline.Actors.Tracing;

/// <summary>What an entry of a trace says; which of its fields mean what.</summary>
public enum TraceKind : byte
{
    /// <summary>A vCPU executes an instruction. Word0: its address.</summary>
    Instruction,

    /// <summary>A vCPU starts to run. Word0: its program counter.</summary>
    Started,

    /// <summary>A vCPU executed <c>exit</c> or a failed <c>assert</c>. Word0: its program counter.</summary>
    Stopped,

    /// <summary>
    /// A vCPU leaves the guest. Code: an <c>ExitAction</c>, None where a kick pulled it out. Width, Other (the device),
    /// Number (1 where it is in user space) and Word1 (address) of an access; Word0: its program counter.
    /// </summary>
    ExitBegin,

    /// <summary>The kernel hands the access of the open exit to user space.</summary>
    UserSpace,

    /// <summary>The open exit is an <c>idle</c> that has nothing to wake for: the vCPU sleeps.</summary>
    Blocked,

    /// <summary>It is woken.</summary>
    Woken,

    /// <summary>A vCPU is in the guest again. Number: the exit's reason; Word0: its program counter; Word1: when the exit began, ps.</summary>
    ExitEnd,

    /// <summary>Its instruction goes on for longer. Code: the <c>VcpuPhase</c>: waiting for a word, for a page in another group.</summary>
    StallBegin,

    /// <summary>It executes again.</summary>
    StallEnd,

    /// <summary>A vCPU enters the handler of an interrupt. Number: the line, or of ARM the INTID, and then Code: the line, plus 1; Word0: where it was.</summary>
    Interrupt,

    /// <summary>A vCPU enters the handler of a fault. Number: the exception's code, and its subcode from bit 8 on; Word0: where it was.</summary>
    Fault,

    /// <summary>A vCPU returns from a handler. Word0: to where.</summary>
    Return,

    /// <summary>An interrupt line of a vCPU has another level. Number: the line; Code: the level; Other: who drove it.</summary>
    Line,

    /// <summary>A vCPU is kicked. Code: its <c>VcpuPhase</c> then.</summary>
    Kick,

    /// <summary>A guest's <c>mark</c>. Number: index of its name; Word1: its value; Word0: the program counter.</summary>
    Mark,

    /// <summary>A control register was read or written, without a trap. Number: the register; Code: 1 for a write; Word1: its value then; Word0: the program counter.</summary>
    ControlRegister,

    /// <summary>
    /// A device starts to serve. Code: a <see cref="TraceRequest"/>; Other: who asked; Width and Word0 (address) of an
    /// access; Number: pin or timer; Word1: the value written, the level.
    /// </summary>
    Request,

    /// <summary>It has served it. Fields as in <see cref="Request"/>; Word1: the value read.</summary>
    Served,

    /// <summary>A device drives an output, or sends a message. Number: the pin; Code: the level.</summary>
    Output,

    /// <summary>
    /// An IPI unit carries a write to a SEND register on. Number: the register; Other: the unit of the target. Or a vCPU raises an interrupt in another
    /// by a hypercall or an SGI. Number: the line or the INTID; Other: that vCPU.
    /// </summary>
    Send,

    /// <summary>What a device reports. Code: a <c>ReportKind</c>; Number: the line or vector; Word0: the report's detail; Word1: its value.</summary>
    Report,
}
