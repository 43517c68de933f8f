namespace Trapline.Devices.LoongArch.Profiles;

/// <summary>The profiles by name: Linux KVM by release, QEMU's user-space models by version.</summary>
public static class LoongArchProfiles
{
    /// <summary>Linux 7.0 cycle and later: the default.</summary>
    public static readonly LoongArchProfile Kvm = new() { Name = "kvm" };

    /// <summary>Linux 6.18 and 6.19.</summary>
    public static readonly LoongArchProfile Kvm618 = Kvm with
    {
        Name = "kvm-6.18",
        RejectedAccessExits = true,
        UnknownTarget = UnknownTarget.MailAndAnyExit,
        EmptyRouteIsNobody = true,
    };

    /// <summary>Linux 6.17: EIOINTC was rewritten, IPI unit and PCH-PIC were not.</summary>
    public static readonly LoongArchProfile Kvm617 = Kvm618 with
    {
        Name = "kvm-6.17",
        IpiSetRejected = true,
        PicPinsPerWrite = PinsPerWrite.LowHalf,
        PicReset = PicReset.Unmasked,
        PicReadable = PicReadable.Neither,
        PicWidths = PicWidths.Fixed,
        MaximumVcpus = 255,
        NarrowRead = NarrowRead.StaleUpperFromPic,
        PicIdWordRepeats = true,
        MailSendUsesBus = true,
        PicRouteAndPolarityConstant = true,
    };

    /// <summary>Linux 6.16.</summary>
    public static readonly LoongArchProfile Kvm616 = Kvm617 with
    {
        Name = "kvm-6.16",
        CoreMapMovesWrittenBytesOnly = true,
        NarrowRead = NarrowRead.StaleUpper,
    };

    /// <summary>Linux 6.13 to 6.15: the first in-kernel controllers.</summary>
    public static readonly LoongArchProfile Kvm613 = Kvm616 with
    {
        Name = "kvm-6.13",
        AbsentRoute = AbsentRoute.NumberIsIndex,
        EiointcEnableIndexReused = true,
        EiointcCpuCountUnchecked = true,
        EiointcStatusWritable = true,
        EiointcMisalignedRounded = true,
        PicWidths = PicWidths.FixedUnaligned,
    };

    /// <summary>The user-space models of QEMU 11, as the recordings show them (spec tag Q10, corrected).</summary>
    public static readonly LoongArchProfile Qemu11 = Kvm with
    {
        Name = "qemu-11",
        IpiEnableGatesLine = true,
        WideIocsrAccessSplit = true,
        NarrowIocsrAccessDropped = true,
        VirtualExtension = VirtualExtension.WithoutPinEncoding,
        PicPinsPerWrite = PinsPerWrite.Lowest,
        PicClearTouchesLevelPins = true,
        PicEdgeDetector = true,
        PicReset = PicReset.Masked,
        PicRouteAndServiceWritable = true,
        PicReadable = PicReadable.InServiceUnmasked,
        PicWidths = PicWidths.PerRegion,
        TimerExpiryClearsEnable = true,
        CoreMapMovesWrittenBytesOnly = true,
        NarrowRead = NarrowRead.ZeroExtended,
        PicWindow = PchPic.PchPic.LargestWindow,
        AdvertisesVirtualMachine = false,
    };

    /// <summary>The user-space models of QEMU 7.2.</summary>
    public static readonly LoongArchProfile Qemu72 = Qemu11 with
    {
        Name = "qemu-7.2",
        AnySendUsesRowOfCpu0 = true,
        UnknownTarget = UnknownTarget.Crash,
        RerouteDecidedByFirstVector = true,
        AbsentRoute = AbsentRoute.Nowhere,
        VirtualExtension = VirtualExtension.Absent,
        PicMaskWithdraws = true,
        PicFallingEdgeWithdraws = true,
        PicAdvertisedPins = 64,
        FirstMessageVector = 64,
        MaximumVcpus = 4,
        CoreStatusWindowTooLarge = true,
    };

    /// <summary>All, the default first.</summary>
    public static IReadOnlyList<LoongArchProfile> All { get; } = [Kvm, Kvm618, Kvm617, Kvm616, Kvm613, Qemu11, Qemu72];

    /// <summary>The profile of a name, or null.</summary>
    public static LoongArchProfile? Find(string name) => All.FirstOrDefault(profile => profile.Name == name);
}
