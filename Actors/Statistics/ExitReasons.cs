using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Registers;
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

    private static readonly string[] IpiNames =
        ["STATUS", "EN", "SET", "CLEAR", "MBUF0", "MBUF1", "MBUF2", "MBUF3", "IPI_SEND", "MAIL_SEND", "ANY_SEND"];

    private static readonly string[] EiointcNames =
        ["NODETYPE", "IPMAP", "ENABLE", "BOUNCE", "ISR", "COREISR", "COREMAP", "VIRT_FEATURES", "VIRT_CONFIG"];

    private static readonly string[] PchPicNames =
        ["INT_ID", "INT_MASK", "HTMSI_EN", "EDGE", "CLEAR", "AUTO_CTRL0", "AUTO_CTRL1", "ROUTE_ENTRY", "HTMSI_VECTOR", "INT_IRR", "INT_ISR", "POLARITY"];

    private static readonly RegisterReasons Ipi = OfIpi("ipi", OwnNames.Length);
    private static readonly RegisterReasons Eiointc = OfEiointc("eiointc", Ipi.End);
    private static readonly RegisterReasons PchPic = OfPchPic("pch_pic", Eiointc.End);

    // Devices in user space: KVM counts the exit and knows no more; the device's name is ours.
    private static readonly ActorRole[] UserDevices =
        [ActorRole.Misc, ActorRole.Uart, ActorRole.Rtc, ActorRole.PchMsi, ActorRole.MsiDevice, ActorRole.LevelDevice];

    private static readonly string[] UserNames = ["MISC", "UART", "RTC", "PCH_MSI", "MSI_DEVICE", "LEVEL_DEVICE"];

    // The same registers where the controllers are in user space: KVM counts an exit to user space and nothing else.
    private static readonly RegisterReasons UserIpi = OfIpi("iocsr", PchPic.End + (2 * UserNames.Length), "(no IPI register)");
    private static readonly RegisterReasons UserEiointc = OfEiointc("iocsr", UserIpi.End, "(no EIOINTC register)");
    private static readonly RegisterReasons UserPchPic = OfPchPic("mmio", UserEiointc.End, "(no PCH_PIC register)");
    private static readonly string[] HypercallNames = ["hypercall (unknown code)", "hypercall user", "debug", "system_event crash"];
    private static readonly string[] StopNames = ["signal"];
    private static readonly string[] DoorbellNames = ["mmio_read DOORBELL_DEVICE", "mmio_write DOORBELL_DEVICE"];


    // ARM: KVM's statistic mmio_exit_kernel, by register.
    private static readonly RegisterReasons Gicd = OfGic(GicRegisters.Distributor, 0x1_0000, UserPchPic.End + HypercallNames.Length + StopNames.Length + DoorbellNames.Length);
    private static readonly RegisterReasons Gicr = OfGic(GicRegisters.Redistributor, 0x2_0000, Gicd.End);
    private static readonly RegisterReasons Gits = OfGic(GicRegisters.Its, 0x2_0000, Gicr.End);

    // ARM: KVM's statistics wfi_exit_stat and hvc_exit_stat; for the others it has a trace event and no counter.
    private static readonly string[] ArmNames =
        ["wfi", "hvc", "smc", "sysreg_write ICC_SGI1R_EL1", "sysreg_write ICC_ASGI1R_EL1", "sysreg_write ICC_SGI0R_EL1", "system_event shutdown", "system_event reset"];

    private static readonly string[] Names =
    [
        .. OwnNames, .. Ipi.Names, .. Eiointc.Names, .. PchPic.Names,
        .. UserNames.Select((name, i) => $"{BusOf(UserDevices[i])}_read {name}"),
        .. UserNames.Select((name, i) => $"{BusOf(UserDevices[i])}_write {name}"),
        .. UserIpi.Names, .. UserEiointc.Names, .. UserPchPic.Names,
        .. HypercallNames, .. StopNames, .. DoorbellNames,
        .. Gicd.Names, .. Gicr.Names, .. Gits.Names, .. ArmNames,
    ];

    /// <summary>A hypercall that KVM does not count: its code is unknown or switched off.</summary>
    public static readonly int UnknownHypercall = Find("hypercall (unknown code)");

    /// <summary>A hypercall that user space served.</summary>
    public static readonly int UserHypercall = Find("hypercall user");

    public static readonly int DebugStop = Find("debug");

    public static readonly int CrashNotice = Find("system_event crash");

    /// <summary>KVM's statistic signal_exits: KVM_RUN returned because a signal was pending, with which user space stops a vCPU.</summary>
    public static readonly int Signal = Find("signal");

    /// <summary>An access to a doorbell device, in user space as those of <see cref="User"/>.</summary>
    public static readonly int DoorbellRead = Find(DoorbellNames[0]);

    /// <inheritdoc cref="DoorbellRead"/>
    public static readonly int DoorbellWrite = Find(DoorbellNames[1]);

    /// <summary>ARM: KVM's statistic wfi_exit_stat.</summary>
    public static readonly int WaitForInterrupt = Find("wfi");

    /// <summary>ARM: KVM's statistic hvc_exit_stat.</summary>
    public static readonly int ArmHypercall = Find("hvc");

    /// <summary>ARM: a call by SMC.</summary>
    public static readonly int SecureCall = Find("smc");

    /// <summary>ARM: KVM_SYSTEM_EVENT_SHUTDOWN.</summary>
    public static readonly int SystemOff = Find("system_event shutdown");

    /// <summary>ARM: KVM_SYSTEM_EVENT_RESET.</summary>
    public static readonly int SystemReset = Find("system_event reset");

    private static readonly int SgiWrites = Find("sysreg_write ICC_SGI1R_EL1");

    public static int Count => Names.Length;

    /// <summary>ARM: a write of a register that asks for SGIs.</summary>
    public static int SgiWrite(SgiKind kind) => SgiWrites + (int)kind;

    /// <param name="address">On the IOCSR bus.</param>
    /// <param name="inUserSpace">Where the controller is.</param>
    public static int IpiRead(ulong address, bool inUserSpace = false) => (inUserSpace ? UserIpi : Ipi).Read(address & IpiRegisters.OffsetMask);

    /// <inheritdoc cref="IpiRead"/>
    public static int IpiWrite(ulong address, bool inUserSpace = false) => (inUserSpace ? UserIpi : Ipi).Write(address & IpiRegisters.OffsetMask);

    /// <param name="address">On the IOCSR bus, in either window.</param>
    /// <param name="inUserSpace">Where the controller is.</param>
    public static int EiointcRead(ulong address, bool inUserSpace = false) => (inUserSpace ? UserEiointc : Eiointc).Read(EiointcOffset(address));

    /// <inheritdoc cref="EiointcRead"/>
    public static int EiointcWrite(ulong address, bool inUserSpace = false) => (inUserSpace ? UserEiointc : Eiointc).Write(EiointcOffset(address));

    /// <param name="offset">From the device's base.</param>
    /// <param name="inUserSpace">Where the controller is.</param>
    public static int PchPicRead(ulong offset, bool inUserSpace = false) => (inUserSpace ? UserPchPic : PchPic).Read(offset);

    /// <inheritdoc cref="PchPicRead"/>
    public static int PchPicWrite(ulong offset, bool inUserSpace = false) => (inUserSpace ? UserPchPic : PchPic).Write(offset);

    /// <summary>A read of the distributor.</summary>
    /// <param name="offset">From the frame's base.</param>
    public static int DistributorRead(ulong offset) => Gicd.Read(offset);

    /// <inheritdoc cref="DistributorRead"/>
    public static int DistributorWrite(ulong offset) => Gicd.Write(offset);

    /// <summary>A read of a redistributor.</summary>
    /// <param name="offset">From the base of its first frame.</param>
    public static int RedistributorRead(ulong offset) => Gicr.Read(offset);

    /// <inheritdoc cref="RedistributorRead"/>
    public static int RedistributorWrite(ulong offset) => Gicr.Write(offset);

    /// <summary>A read of an ITS.</summary>
    /// <param name="offset">From the base of its first frame.</param>
    public static int ItsRead(ulong offset) => Gits.Read(offset);

    /// <inheritdoc cref="ItsRead"/>
    public static int ItsWrite(ulong offset) => Gits.Write(offset);

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

    private static RegisterReasons OfIpi(string counter, int first, string noRegister = "(no register)") =>
        new(counter, first, IpiNames, IpiRegisters.OffsetMask + 1, IpiRegisters.NameOf, noRegister);

    private static RegisterReasons OfEiointc(string counter, int first, string noRegister = "(no register)") =>
        new(counter, first, EiointcNames, (int)VirtualOffset + 8, NameOfEiointc, noRegister);

    private static RegisterReasons OfPchPic(string counter, int first, string noRegister = "(no register)") =>
        new(counter, first, PchPicNames, 0x400, offset => PchPicRegisters.NameOf((ulong)offset), noRegister);

    private static RegisterReasons OfGic(IReadOnlyList<RegisterBank> banks, int bytes, int first) =>
        new("mmio", first, banks, bytes, $"(no {banks[0].Name[..4]} register)");

    private static string BusOf(ActorRole device) => device == ActorRole.Misc ? "iocsr" : "mmio";

    private static ulong EiointcOffset(ulong address) => address >= EiointcRegisters.VirtualBase
        ? VirtualOffset + (address - EiointcRegisters.VirtualBase)
        : address - EiointcRegisters.Base;

    private static string NameOfEiointc(int offset) => EiointcRegisters.NameOfAddress(
        (ulong)offset < VirtualOffset ? EiointcRegisters.Base + (ulong)offset : EiointcRegisters.VirtualBase + ((ulong)offset - VirtualOffset));
}
