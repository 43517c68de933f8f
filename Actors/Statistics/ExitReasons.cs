using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.PchPic;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Statistics;

/// <summary>
/// Why a vCPU left the guest, as small numbers with names: KVM's statistics counter and, where a device register was
/// accessed, its name. The numbers travel in messages and are hashed with them, so they follow from this table alone;
/// new ones come at its end.
/// </summary>
public static class ExitReasons
{
    /// <summary>A host interrupt pulled a running vCPU out: the kick.</summary>
    public const int HostInterrupt = 0;
    public const int Idle = 1;
    public const int CpuConfiguration = 2;
    public const int Hypercall = 3;
    public const int IocsrReadUser = 4;
    public const int IocsrWriteUser = 5;
    public const int MmioReadUser = 6;
    public const int MmioWriteUser = 7;

    /// <summary>Offset of EIOINTC's virtual extension in the numbering of its registers: behind the last of its window.</summary>
    private const ulong VirtualOffset = EiointcRegisters.End - EiointcRegisters.Base;

    private static readonly string[] OwnNames =
        ["int", "idle", "cpucfg", "hypercall", "iocsr_read user", "iocsr_write user", "mmio_read user", "mmio_write user"];

    private static readonly RegisterReasons Ipi = new(
        "ipi", OwnNames.Length,
        ["STATUS", "EN", "SET", "CLEAR", "MBUF0", "MBUF1", "MBUF2", "MBUF3", "IPI_SEND", "MAIL_SEND", "ANY_SEND"],
        IpiRegisters.OffsetMask + 1, IpiRegisters.NameOf);

    private static readonly RegisterReasons Eiointc = new(
        "eiointc", Ipi.End,
        ["NODETYPE", "IPMAP", "ENABLE", "BOUNCE", "ISR", "COREISR", "COREMAP", "VIRT_FEATURES", "VIRT_CONFIG"],
        (int)VirtualOffset + 8, NameOfEiointc);

    private static readonly RegisterReasons PchPic = new(
        "pch_pic", Eiointc.End,
        ["INT_ID", "INT_MASK", "HTMSI_EN", "EDGE", "CLEAR", "AUTO_CTRL0", "AUTO_CTRL1", "ROUTE_ENTRY", "HTMSI_VECTOR", "INT_IRR", "INT_ISR", "POLARITY"],
        0x400, offset => PchPicRegisters.NameOf((ulong)offset));

    // Devices in user space: KVM counts the exit and knows no more; the device's name is ours.
    private static readonly ActorRole[] UserDevices =
        [ActorRole.Misc, ActorRole.Uart, ActorRole.Rtc, ActorRole.PchMsi, ActorRole.MsiDevice, ActorRole.LevelDevice];

    private static readonly string[] UserNames = ["MISC", "UART", "RTC", "PCH_MSI", "MSI_DEVICE", "LEVEL_DEVICE"];

    private static readonly string[] HypercallNames = ["hypercall (unknown code)", "hypercall user", "debug", "system_event crash"];

    private static readonly string[] Names =
    [
        .. OwnNames, .. Ipi.Names, .. Eiointc.Names, .. PchPic.Names,
        .. UserNames.Select((name, i) => $"{BusOf(UserDevices[i])}_read {name}"),
        .. UserNames.Select((name, i) => $"{BusOf(UserDevices[i])}_write {name}"),
        .. HypercallNames,
    ];

    /// <summary>A hypercall that KVM does not count: its code is unknown or switched off.</summary>
    public static readonly int UnknownHypercall = Find("hypercall (unknown code)");

    /// <summary>A hypercall that user space served.</summary>
    public static readonly int UserHypercall = Find("hypercall user");

    public static readonly int DebugStop = Find("debug");

    public static readonly int CrashNotice = Find("system_event crash");

    public static int Count => Names.Length;

    /// <param name="address">On the IOCSR bus.</param>
    public static int IpiRead(ulong address) => Ipi.Read(address & IpiRegisters.OffsetMask);

    public static int IpiWrite(ulong address) => Ipi.Write(address & IpiRegisters.OffsetMask);

    /// <param name="address">On the IOCSR bus, in either window.</param>
    public static int EiointcRead(ulong address) => Eiointc.Read(EiointcOffset(address));

    public static int EiointcWrite(ulong address) => Eiointc.Write(EiointcOffset(address));

    /// <param name="offset">From the device's base.</param>
    public static int PchPicRead(ulong offset) => PchPic.Read(offset);

    public static int PchPicWrite(ulong offset) => PchPic.Write(offset);

    /// <summary>An access to a device in user space.</summary>
    public static int User(ActorRole device, bool isWrite) =>
        PchPic.End + Array.IndexOf(UserDevices, device) + (isWrite ? UserDevices.Length : 0);

    public static string NameOf(int reason) => Names[reason];

    /// <exception cref="StateFormatException">Saved state names a reason that this version does not have.</exception>
    public static int Find(string name)
    {
        var reason = Array.IndexOf(Names, name);
        return reason >= 0 ? reason : throw new StateFormatException($"there is no exit reason '{name}'");
    }

    private static string BusOf(ActorRole device) => device == ActorRole.Misc ? "iocsr" : "mmio";

    private static ulong EiointcOffset(ulong address) => address >= EiointcRegisters.VirtualBase
        ? VirtualOffset + (address - EiointcRegisters.VirtualBase)
        : address - EiointcRegisters.Base;

    private static string NameOfEiointc(int offset) => EiointcRegisters.NameOfAddress(
        (ulong)offset < VirtualOffset ? EiointcRegisters.Base + (ulong)offset : EiointcRegisters.VirtualBase + ((ulong)offset - VirtualOffset));
}
