using Trapline.Devices.Common.Profiles;

namespace Trapline.Devices.LoongArch.Profiles;

/// <summary>
/// The table of differences: a row for each switch of <see cref="LoongArchProfile"/>, in the table's order. <c>D1</c> to <c>D24</c> are the
/// specification's; <c>F4</c> and so on are defects that a later version mended, <c>S3.4</c> a difference that only that section tells.
/// </summary>
public static class ProfileRows
{
    public static IReadOnlyList<ProfileRow<LoongArchProfile>> All { get; } =
    [
        new("D1", "IPI EN gates the line", p => p.IpiEnableGatesLine, (a, b) => a with { IpiEnableGatesLine = b.IpiEnableGatesLine }),
        new("D2", "IPI SET is refused to the guest", p => p.IpiSetRejected, (a, b) => a with { IpiSetRejected = b.IpiSetRejected }),
        new("D3", "eight bytes on the IOCSR bus are twice four", p => p.WideIocsrAccessSplit, (a, b) => a with { WideIocsrAccessSplit = b.WideIocsrAccessSplit }),
        new("D4", "one and two bytes to IPI and EIOINTC are dropped", p => p.NarrowIocsrAccessDropped, (a, b) => a with { NarrowIocsrAccessDropped = b.NarrowIocsrAccessDropped }),
        new("D5", "rejected accesses exit to user space", p => p.RejectedAccessExits, (a, b) => a with { RejectedAccessExits = b.RejectedAccessExits }),
        new("D6", "ANY_SEND to COREISR acts on the row of CPU 0", p => p.AnySendUsesRowOfCpu0, (a, b) => a with { AnySendUsesRowOfCpu0 = b.AnySendUsesRowOfCpu0 }),
        new("D7", "SEND to a CPU that does not exist", p => p.UnknownTarget, (a, b) => a with { UnknownTarget = b.UnknownTarget }),
        new("D8", "first vector of a word decides whether COREMAP moves pending ones", p => p.RerouteDecidedByFirstVector, (a, b) => a with { RerouteDecidedByFirstVector = b.RerouteDecidedByFirstVector }),
        new("D9", "COREMAP to a CPU that does not exist", p => p.AbsentRoute, (a, b) => a with { AbsentRoute = b.AbsentRoute }),
        new("D10", "COREMAP byte of 0 names nobody", p => p.EmptyRouteIsNobody, (a, b) => a with { EmptyRouteIsNobody = b.EmptyRouteIsNobody }),
        new("D11", "virtual extension of EIOINTC", p => p.VirtualExtension, (a, b) => a with { VirtualExtension = b.VirtualExtension }),
        new("D12", "masking an asserted PCH-PIC pin withdraws it", p => p.PicMaskWithdraws, (a, b) => a with { PicMaskWithdraws = b.PicMaskWithdraws }),
        new("D13", "falling edge of an edge-triggered PCH-PIC pin withdraws it", p => p.PicFallingEdgeWithdraws, (a, b) => a with { PicFallingEdgeWithdraws = b.PicFallingEdgeWithdraws }),
        new("D14", "which of several PCH-PIC pins a write acts on", p => p.PicPinsPerWrite, (a, b) => a with { PicPinsPerWrite = b.PicPinsPerWrite }),
        new("D15", "PCH-PIC CLEAR drops level-triggered pins too", p => p.PicClearTouchesLevelPins, (a, b) => a with { PicClearTouchesLevelPins = b.PicClearTouchesLevelPins }),
        new("D16", "PCH-PIC has an edge detector", p => p.PicEdgeDetector, (a, b) => a with { PicEdgeDetector = b.PicEdgeDetector }),
        new("D17", "PCH-PIC after reset", p => p.PicReset, (a, b) => a with { PicReset = b.PicReset }),
        new("D18", "pins in INT_ID", p => p.PicAdvertisedPins, (a, b) => a with { PicAdvertisedPins = b.PicAdvertisedPins }),
        new("D19", "ROUTE_ENTRY and INT_ISR can be written", p => p.PicRouteAndServiceWritable, (a, b) => a with { PicRouteAndServiceWritable = b.PicRouteAndServiceWritable }),
        new("D20", "which of INT_IRR and INT_ISR can be read", p => p.PicReadable, (a, b) => a with { PicReadable = b.PicReadable }),
        new("D21", "access widths of PCH-PIC", p => p.PicWidths, (a, b) => a with { PicWidths = b.PicWidths }),
        new("D22", "first vector of messages", p => p.FirstMessageVector, (a, b) => a with { FirstMessageVector = b.FirstMessageVector }),
        new("D23", "one-shot timer that runs out clears TCFG.EN", p => p.TimerExpiryClearsEnable, (a, b) => a with { TimerExpiryClearsEnable = b.TimerExpiryClearsEnable }),
        new("D24", "CPUs of a machine at most", p => p.MaximumVcpus, (a, b) => a with { MaximumVcpus = b.MaximumVcpus }),
        new("F2", "ENABLE writes of several bytes disable the wrong vectors", p => p.EiointcEnableIndexReused, (a, b) => a with { EiointcEnableIndexReused = b.EiointcEnableIndexReused }),
        new("F3", "number of CPUs given to EIOINTC is not checked", p => p.EiointcCpuCountUnchecked, (a, b) => a with { EiointcCpuCountUnchecked = b.EiointcCpuCountUnchecked }),
        new("F4", "user space may change EIOINTC's software status", p => p.EiointcStatusWritable, (a, b) => a with { EiointcStatusWritable = b.EiointcStatusWritable }),
        new("F7", "misaligned EIOINTC accesses are rounded down", p => p.EiointcMisalignedRounded, (a, b) => a with { EiointcMisalignedRounded = b.EiointcMisalignedRounded }),
        new("F10", "MAIL_SEND goes over the bus of the target", p => p.MailSendUsesBus, (a, b) => a with { MailSendUsesBus = b.MailSendUsesBus }),
        new("S3.4", "a COREMAP write moves the vectors of its own bytes alone", p => p.CoreMapMovesWrittenBytesOnly, (a, b) => a with { CoreMapMovesWrittenBytesOnly = b.CoreMapMovesWrittenBytesOnly }),
        new("F11", "upper bytes after a narrow read", p => p.NarrowRead, (a, b) => a with { NarrowRead = b.NarrowRead }),
        new("F12", "INT_ID repeats its low word", p => p.PicIdWordRepeats, (a, b) => a with { PicIdWordRepeats = b.PicIdWordRepeats }),
        new("F16", "attributes of EIOINTC scale the offset twice", p => p.EiointcAttributeOffsetScaled, (a, b) => a with { EiointcAttributeOffsetScaled = b.EiointcAttributeOffsetScaled }),
        new("F20", "whose lines LOAD_FINISHED holds up", p => p.EiointcLoad, (a, b) => a with { EiointcLoad = b.EiointcLoad }),
        new("FQ1", "COREISR reads as that of CPU 0", p => p.CoreStatusReadsRowOfCpu0, (a, b) => a with { CoreStatusReadsRowOfCpu0 = b.CoreStatusReadsRowOfCpu0 }),
        new("FQ4", "window of COREISR covers the next CPUs", p => p.CoreStatusWindowTooLarge, (a, b) => a with { CoreStatusWindowTooLarge = b.CoreStatusWindowTooLarge }),
        new("S6", "a timer after restore", p => p.TimerRestore, (a, b) => a with { TimerRestore = b.TimerRestore }),
        new("S1.3", "window of PCH-PIC", p => p.PicWindow, (a, b) => a with { PicWindow = b.PicWindow }),
        new("S1.4", "features name a virtual machine", p => p.AdvertisesVirtualMachine, (a, b) => a with { AdvertisesVirtualMachine = b.AdvertisesVirtualMachine }),
        new("S4.1", "ROUTE_ENTRY and POLARITY are constant", p => p.PicRouteAndPolarityConstant, (a, b) => a with { PicRouteAndPolarityConstant = b.PicRouteAndPolarityConstant }),
    ];

    /// <summary>The rows in which two profiles differ.</summary>
    public static IEnumerable<ProfileRow<LoongArchProfile>> Between(LoongArchProfile a, LoongArchProfile b) =>
        All.Where(row => !row.Value(a).Equals(row.Value(b)));
}
