using Trapline.Actors.Devices;
using Trapline.Actors.LoongArch;
using Trapline.Actors.Statistics;
using Trapline.Actors.Tracing;
using Trapline.Actors.Vcpus;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Devices.Common.Serial;
using Trapline.Devices.Common.Sources;
using Trapline.Devices.LoongArch;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.Misc;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Devices.LoongArch.PchPic;
using Trapline.Devices.LoongArch.Rtc;
using Trapline.Messages;

namespace Trapline.Cluster.Traces;

/// <summary>Names of registers, lines and exits in traces, as the manuals spell them.</summary>
internal static class TraceNames
{
    /// <summary>The register that a device has at an address; <c>+0x1a0</c>, from the device's first, where there is none.</summary>
    public static string Register(ActorRole device, ulong address, bool isWrite = false) =>
        RegisterAt(device, unchecked(address - BaseOf(device)), isWrite);

    public static string ControlRegister(int number) => CsrNames.NameOf(number) ?? $"0x{number:x}";

    public static string Line(int line) => CpuLines.NameOf(line);

    public static string Fault(int number) => ExceptionCodes.NameOf(number & 0xFF, number >> 8) ?? $"code 0x{number:x}";

    /// <summary>
    /// The reason of an exit at its begin, in the words of the report. What is known only later, that the kernel leaves an
    /// access or a hypercall to user space, is not in it.
    /// </summary>
    public static string Exit(in TraceEntry begin) => ExitReasons.NameOf((ExitAction)begin.Code switch
    {
        ExitAction.None => ExitReasons.HostInterrupt,
        ExitAction.Idle => ExitReasons.Idle,
        ExitAction.CpuConfiguration => ExitReasons.CpuConfiguration,
        ExitAction.Hypercall => TrappedInstruction.CodeOf((uint)begin.Word1) == Hypercalls.ServiceCode ? ExitReasons.Hypercall : ExitReasons.UnknownHypercall,
        var action => OfAccess(begin.Other.Role, action, begin.Word1, begin.Number != 0),
    });

    /// <summary>A write to a SEND register on its way, or a target of a hypercall.</summary>
    public static string Send(in TraceEntry send) => send.Actor.Role == ActorRole.Vcpu
        ? $"{Line(send.Number)} to vcpu{send.Other.Index}"
        : send.Other.Role == ActorRole.Ipi
        ? $"{IpiRegisters.NameOf(send.Number)} to vcpu{send.Other.Index}"
        : $"{IpiRegisters.NameOf(send.Number)} to {send.Other}";

    /// <summary>What a device reports; null where other entries say it already.</summary>
    public static string? Report(in TraceEntry report)
    {
        var what = report.Actor.Role == ActorRole.Ipi ? $"{Line(CpuLines.Ipi)} 0x{report.Word0:x}" : $"{report.Number}";
        return (ReportKind)report.Code switch
        {
            ReportKind.Raised => $"raised {what}",
            ReportKind.Coalesced => $"coalesced {what}",
            ReportKind.Masked => $"masked {what}",
            ReportKind.Withdrawn => $"withdrawn {what}",
            ReportKind.Acknowledged => $"acknowledged {what}",
            ReportKind.Refused => $"refused {Access(in report)}",
            ReportKind.NestedAccess => $"nested {Access(in report)}",
            _ => null,
        };
    }

    /// <summary>A call that user space makes: the ioctl by its name, or what the boundary passes on.</summary>
    public static string Call(in TraceEntry entry) => (MessageKind)entry.Number == MessageKind.Ioctl
        ? $"ioctl {(KvmIoctl)(ushort)entry.Word1}"
        : ((MessageKind)entry.Number).ToString();

    /// <summary>A call that raises an interrupt, or lets one fall.</summary>
    public static bool IsInjection(in TraceEntry entry) =>
        (MessageKind)entry.Number == MessageKind.Ioctl && (KvmIoctl)(ushort)entry.Word1 is KvmIoctl.IrqLine or KvmIoctl.SignalMsi;

    private static int OfAccess(ActorRole device, ExitAction action, ulong address, bool inUserSpace)
    {
        var isWrite = action is ExitAction.IocsrWrite or ExitAction.MmioWrite;
        return device switch
        {
            ActorRole.Ipi => isWrite ? ExitReasons.IpiWrite(address, inUserSpace) : ExitReasons.IpiRead(address, inUserSpace),
            ActorRole.Eiointc => isWrite ? ExitReasons.EiointcWrite(address, inUserSpace) : ExitReasons.EiointcRead(address, inUserSpace),
            ActorRole.PchPic => isWrite
                ? ExitReasons.PchPicWrite(address - LoongArchAddressMap.PchPicBase, inUserSpace)
                : ExitReasons.PchPicRead(address - LoongArchAddressMap.PchPicBase, inUserSpace),
            ActorRole.Vmm => action switch
            {
                ExitAction.IocsrRead => ExitReasons.IocsrReadUser,
                ExitAction.IocsrWrite => ExitReasons.IocsrWriteUser,
                ExitAction.MmioRead => ExitReasons.MmioReadUser,
                _ => ExitReasons.MmioWriteUser,
            },
            ActorRole.DoorbellDevice => isWrite ? ExitReasons.DoorbellWrite : ExitReasons.DoorbellRead,
            _ => ExitReasons.User(device, isWrite),
        };
    }

    /// <summary>Addresses on the IOCSR bus are in the manuals as they are; memory-mapped devices are described from their first register on.</summary>
    private static ulong BaseOf(ActorRole device) => device switch
    {
        ActorRole.PchPic => LoongArchAddressMap.PchPicBase,
        ActorRole.PchMsi => LoongArchAddressMap.DoorbellBase,
        ActorRole.Uart => LoongArchAddressMap.UartBase,
        ActorRole.Rtc => LoongArchAddressMap.RtcBase,
        ActorRole.MsiDevice => LoongArchAddressMap.MsiDeviceBase,
        ActorRole.LevelDevice => LoongArchAddressMap.LevelDeviceBase,
        ActorRole.DoorbellDevice => LoongArchAddressMap.PeerDoorbellBase,
        _ => 0,
    };

    private static string RegisterAt(ActorRole device, ulong offset, bool isWrite) => device switch
    {
        ActorRole.Ipi => IpiRegisters.NameOf((int)(offset & IpiRegisters.OffsetMask)),
        ActorRole.Eiointc => EiointcRegisters.NameOfAddress(offset),
        ActorRole.PchPic => PchPicRegisters.NameOf(offset),
        ActorRole.PchMsi => "DOORBELL",
        ActorRole.Uart => OfUart(offset, isWrite),
        ActorRole.Rtc => RtcRegisters.NameOf(offset),
        ActorRole.MsiDevice => MsiRegisters.NameOf(offset),
        ActorRole.LevelDevice => LevelRegisters.NameOf(offset),
        ActorRole.DoorbellDevice => DoorbellRegisters.NameOf(offset),
        ActorRole.Misc => IocsrMiscRegisters.NameOf(offset),
        _ => null,
    } ?? $"+0x{offset:x}";

    private static string OfUart(ulong offset, bool isWrite) => offset < UartActor.LineDriverOffset
        ? UartRegisters.NameOf(offset, isWrite)
        : LineDriverRegisters.NameOf(offset - UartActor.LineDriverOffset) ?? $"LINE+0x{offset - UartActor.LineDriverOffset:x}";

    /// <summary>Not every refusal is of an access: a width of 0 says that the detail is something else.</summary>
    private static string Access(in TraceEntry report)
    {
        var (detail, width) = (report.Word0, AccessDetail.SizeOf(report.Word0));
        if (width == 0)
        {
            return $"0x{detail:x}";
        }

        var isWrite = AccessDetail.IsWrite(detail);
        return $"{(isWrite ? "write" : "read")} {RegisterAt(report.Actor.Role, AccessDetail.AddressOf(detail), isWrite)} {width}";
    }
}
