using Trapline.Actors.Guests;
using Trapline.Actors.Tracing;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Devices.Common.Serial;
using Trapline.Messages;

namespace Trapline.Cluster.Traces;

/// <summary>Names of registers, lines and exits in traces, as the manuals of an architecture spell them.</summary>
internal abstract class TraceNames
{
    private static readonly TraceNames LoongArch = new LoongArchTraceNames();
    private static readonly TraceNames Arm = new ArmTraceNames();

    /// <summary>What the processor's own registers are called together.</summary>
    public abstract string ControlSpace { get; }

    /// <summary>Those of a machine.</summary>
    public static TraceNames Of(TraceMachine machine) => machine.Program.Architecture == GuestArchitecture.Arm ? Arm : LoongArch;

    /// <summary>A call that user space makes: the ioctl by its name, or what the boundary passes on.</summary>
    public static string Call(in TraceEntry entry) => (MessageKind)entry.Number == MessageKind.Ioctl
        ? $"ioctl {(KvmIoctl)(ushort)entry.Word1}"
        : ((MessageKind)entry.Number).ToString();

    /// <summary>A call that raises an interrupt, or lets one fall.</summary>
    public static bool IsInjection(in TraceEntry entry) =>
        (MessageKind)entry.Number == MessageKind.Ioctl && (KvmIoctl)(ushort)entry.Word1 is KvmIoctl.IrqLine or KvmIoctl.SignalMsi;

    /// <summary>The register that a device has at an address; <c>+0x1a0</c>, from the device's first, where there is none.</summary>
    public abstract string Register(ActorRole device, ulong address, bool isWrite = false);

    public abstract string ControlRegister(int number);

    /// <summary>An input of a vCPU.</summary>
    public abstract string Line(int line);

    /// <summary>The interrupt whose handler is entered.</summary>
    public abstract string Interrupt(int number);

    public abstract string Fault(int number);

    /// <summary>
    /// The reason of an exit at its begin, in the words of the report. What is known only later, that the kernel leaves an
    /// access or a hypercall to user space, is not in it.
    /// </summary>
    public abstract string Exit(in TraceEntry begin);

    /// <summary>An interrupt on its way to another vCPU.</summary>
    public abstract string Send(in TraceEntry send);

    /// <summary>What a device reports; null where other entries say it already.</summary>
    public string? Report(in TraceEntry report)
    {
        var what = Subject(in report);
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

    /// <summary>What a report is about.</summary>
    protected abstract string Subject(in TraceEntry report);

    /// <summary>As <see cref="Register"/>, by the offset from the device's first register.</summary>
    protected abstract string RegisterAt(ActorRole device, ulong offset, bool isWrite);

    /// <summary>Each machine's UART has the same line driver.</summary>
    protected static string OfLineDriver(ulong offset) => LineDriverRegisters.NameOf(offset) ?? $"LINE+0x{offset:x}";

    /// <summary>Not every refusal is of an access: a width of 0 says that the detail is something else.</summary>
    private string Access(in TraceEntry report)
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
