using Trapline.Devices.Common;
using Trapline.Devices.Common.Profiles;

namespace Trapline.Devices.LoongArch.Profiles;

/// <summary>
/// Where implementations of the LoongArch interrupt controllers differ: one switch a difference. Each is named by its row
/// in <see cref="ProfileRows"/>; a device asks for the switch where it decides. The defaults are Linux KVM
/// of the 7.0 cycle; <see cref="LoongArchProfiles"/> has the named sets.
/// </summary>
public sealed record LoongArchProfile : IProfile
{
    public required string Name { get; init; }

    /// <summary>D1: a vector raises the IPI line only if its bit in EN is set.</summary>
    public bool IpiEnableGatesLine { get; init; }

    /// <summary>D2: the guest cannot write the IPI unit's SET.</summary>
    public bool IpiSetRejected { get; init; }

    /// <summary>D3: eight bytes on the IOCSR bus are two accesses of four, the low one first, each to a register of its own.</summary>
    public bool WideIocsrAccessSplit { get; init; }

    /// <summary>
    /// D4: accesses to the IPI unit and EIOINTC that are narrower than the register (four bytes; eight of MAIL_SEND and
    /// ANY_SEND) or misaligned read 0 and write nothing.
    /// </summary>
    public bool NarrowIocsrAccessDropped { get; init; }

    /// <summary>D5: an access that a device in the kernel refuses is handed to user space; otherwise it reads 0 and writes nothing.</summary>
    public bool RejectedAccessExits { get; init; }

    /// <summary>What D5 makes of an access that a device refuses.</summary>
    public AccessOutcome OutcomeOfRejected() => RejectedAccessExits ? AccessOutcome.UserSpace : AccessOutcome.Done;

    /// <summary>D6: ANY_SEND to COREISR acts on the row of CPU 0, whichever CPU it names.</summary>
    public bool AnySendUsesRowOfCpu0 { get; init; }

    /// <summary>D7: a SEND register names a CPU that does not exist.</summary>
    public UnknownTarget UnknownTarget { get; init; }

    /// <summary>D8: whether a changed COREMAP byte moves a pending vector is decided by the input of the first vector of its word.</summary>
    public bool RerouteDecidedByFirstVector { get; init; }

    /// <summary>D9: COREMAP names a CPU that does not exist.</summary>
    public AbsentRoute AbsentRoute { get; init; }

    /// <summary>D10: a COREMAP byte of 0 names no CPU; otherwise CPU 0.</summary>
    public bool EmptyRouteIsNobody { get; init; }

    /// <summary>D11: what there is of EIOINTC's virtual extension.</summary>
    public VirtualExtension VirtualExtension { get; init; }

    /// <summary>D12: masking an asserted PCH-PIC pin takes its interrupt back.</summary>
    public bool PicMaskWithdraws { get; init; }

    /// <summary>D13: the falling edge of an edge-triggered PCH-PIC pin takes its interrupt back.</summary>
    public bool PicFallingEdgeWithdraws { get; init; }

    /// <summary>D14: which of the pins that a write to PCH-PIC concerns are acted on.</summary>
    public PinsPerWrite PicPinsPerWrite { get; init; }

    /// <summary>D15: PCH-PIC's CLEAR drops requests of level-triggered pins too, if it names an edge-triggered one.</summary>
    public bool PicClearTouchesLevelPins { get; init; }

    /// <summary>D16: an edge-triggered PCH-PIC pin latches only when it rises; otherwise each time it is driven high.</summary>
    public bool PicEdgeDetector { get; init; }

    /// <summary>D17: INT_MASK and HTMSI_VECTOR after reset.</summary>
    public PicReset PicReset { get; init; }

    /// <summary>D18: pins that INT_ID advertises.</summary>
    public int PicAdvertisedPins { get; init; } = 32;

    /// <summary>D19: the guest can write ROUTE_ENTRY and INT_ISR.</summary>
    public bool PicRouteAndServiceWritable { get; init; }

    /// <summary>D20: which of INT_IRR and INT_ISR the guest can read.</summary>
    public PicReadable PicReadable { get; init; }

    /// <summary>D21: access widths of PCH-PIC.</summary>
    public PicWidths PicWidths { get; init; }

    /// <summary>D22: EIOINTC vectors below this one belong to PCH-PIC; messages have those from here on.</summary>
    public int FirstMessageVector { get; init; } = 32;

    /// <summary>D23: a one-shot timer that runs out clears TCFG.EN.</summary>
    public bool TimerExpiryClearsEnable { get; init; }

    /// <summary>D24: vCPUs of a machine at most.</summary>
    public int MaximumVcpus { get; init; } = 256;

    /// <summary>
    /// F2: a write of ENABLE of more than a byte takes the index of its first byte for that of a register, and lets all
    /// bytes act on the vectors of the first when it disables. (Symptom in the spec from memory; the code is public.)
    /// </summary>
    public bool EiointcEnableIndexReused { get; init; }

    /// <summary>F3: user space may tell EIOINTC any number of CPUs and ask for any CPU's registers.</summary>
    public bool EiointcCpuCountUnchecked { get; init; }

    /// <summary>F4: user space may change the number of CPUs and the features through EIOINTC's software status.</summary>
    public bool EiointcStatusWritable { get; init; }

    /// <summary>F7: a misaligned access to EIOINTC is rounded down to its width; otherwise it is rejected.</summary>
    public bool EiointcMisalignedRounded { get; init; }

    /// <summary>F10: MAIL_SEND is an access on the target's IOCSR bus, and counted there, as ANY_SEND is; otherwise it writes the mailbox.</summary>
    public bool MailSendUsesBus { get; init; }

    /// <summary>
    /// F16: the attributes of EIOINTC's registers take the offset in bytes for one in words of eight bytes: all but the
    /// first register of an array are looked for elsewhere.
    /// </summary>
    public bool EiointcAttributeOffsetScaled { get; init; }

    /// <summary>F20: what LOAD_FINISHED takes for the CPU whose lines restored vectors hold up.</summary>
    public Eiointc.EiointcLoad EiointcLoad { get; init; }

    /// <summary>FQ1: COREISR reads as CPU 0's, whichever CPU reads it.</summary>
    public bool CoreStatusReadsRowOfCpu0 { get; init; }

    /// <summary>FQ4: COREISR's window goes on behind its end, over the rows of the next CPUs.</summary>
    public bool CoreStatusWindowTooLarge { get; init; }

    /// <summary>S3.4: a write of COREMAP moves the vectors of the bytes it writes; otherwise of all the aligned eight.</summary>
    public bool CoreMapMovesWrittenBytesOnly { get; init; }

    /// <summary>F11: what a narrow read leaves in the upper bytes of its destination register.</summary>
    public NarrowRead NarrowRead { get; init; }

    /// <summary>F12: a read of INT_ID gives the register from its start, whatever the offset.</summary>
    public bool PicIdWordRepeats { get; init; }

    /// <summary>S6: what a timer does that user space has restored (F14 is one of the answers).</summary>
    public Timer.TimerRestore TimerRestore { get; init; }

    /// <summary>S1.3: bytes of PCH-PIC's window.</summary>
    public ulong PicWindow { get; init; } = PchPic.PchPic.WindowSize;

    /// <summary>S1.4: the identification registers say that the machine is virtual.</summary>
    public bool AdvertisesVirtualMachine { get; init; } = true;

    /// <summary>S4.1: ROUTE_ENTRY reads 1 and POLARITY 0, whatever was stored.</summary>
    public bool PicRouteAndPolarityConstant { get; init; }
}
