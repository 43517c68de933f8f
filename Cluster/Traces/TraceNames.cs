using Trapline.Actors.Statistics;
using Trapline.Actors.Tracing;
using Trapline.Actors.Vcpus;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Messages;

namespace Trapline.Cluster.Traces;

/// <summary>Names of registers, lines and exits in traces, as the manuals spell them.</summary>
internal static class TraceNames
{
    /// <summary>The register of a device at an address; <c>+0x1a0</c> or the address where there is none.</summary>
    public static string Register(ActorRole device, ulong address) => device switch
    {
        ActorRole.Ipi => IpiRegisters.NameOf((int)(address & IpiRegisters.OffsetMask)),
        _ => $"0x{address:x}",
    };

    public static string ControlRegister(int number) => CsrNames.NameOf(number) ?? $"0x{number:x}";

    public static string Line(int line) => CpuLines.NameOf(line);

    public static string Fault(int number) => ExceptionCodes.NameOf(number & 0xFF, number >> 8) ?? $"code 0x{number:x}";

    /// <summary>
    /// The reason of an exit at its begin, in the words of the report. What is known only later, that the kernel leaves an
    /// access to user space, is not in it.
    /// </summary>
    public static string Exit(in TraceEntry begin) => ExitReasons.NameOf((ExitAction)begin.Code switch
    {
        ExitAction.None => ExitReasons.HostInterrupt,
        ExitAction.Idle => ExitReasons.Idle,
        ExitAction.CpuConfiguration => ExitReasons.CpuConfiguration,
        ExitAction.Hypercall => ExitReasons.Hypercall,
        var action => OfAccess(begin.Other.Role, action, begin.Word1),
    });

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

    private static int OfAccess(ActorRole device, ExitAction action, ulong address)
    {
        var isWrite = action is ExitAction.IocsrWrite or ExitAction.MmioWrite;
        return device switch
        {
            ActorRole.Ipi => isWrite ? ExitReasons.IpiWrite(address) : ExitReasons.IpiRead(address),
            _ => action switch
            {
                ExitAction.IocsrRead => ExitReasons.IocsrReadUser,
                ExitAction.IocsrWrite => ExitReasons.IocsrWriteUser,
                ExitAction.MmioRead => ExitReasons.MmioReadUser,
                _ => ExitReasons.MmioWriteUser,
            },
        };
    }

    private static string Access(in TraceEntry report)
    {
        var address = AccessDetail.AddressOf(report.Word0);
        return $"{(AccessDetail.IsWrite(report.Word0) ? "write" : "read")} {Register(report.Actor.Role, address)} {AccessDetail.SizeOf(report.Word0)}";
    }
}
