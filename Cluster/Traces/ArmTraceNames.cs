using Trapline.Actors.Arm;
using Trapline.Actors.Devices;
using Trapline.Actors.Statistics;
using Trapline.Actors.Tracing;
using Trapline.Actors.Vcpus;
using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Registers;
using Trapline.Devices.Common.Serial;
using Trapline.Devices.Common.Sources;
using Trapline.Messages;

namespace Trapline.Cluster.Traces;

/// <summary>As the Arm architecture and the GIC's spell them.</summary>
internal sealed class ArmTraceNames : TraceNames
{
    private const int SecureCallBit = 1 << 16;

    private static readonly (int Class, string Name)[] Exceptions =
    [
        (ExceptionClass.Unknown, "undefined instruction"), (ExceptionClass.IllegalState, "illegal execution state"), (ExceptionClass.SupervisorCall, "SVC"),
        (ExceptionClass.SystemRegister, "system register"), (ExceptionClass.InstructionAbort, "instruction abort"), (ExceptionClass.InstructionAbort + 1, "instruction abort"),
        (ExceptionClass.ProgramCounterAlignment, "PC alignment"), (ExceptionClass.DataAbort, "data abort"), (ExceptionClass.DataAbort + 1, "data abort"), (ExceptionClass.Breakpoint, "BRK"),
    ];

    public override string ControlSpace => "sysreg";

    public override string Register(ActorRole device, ulong address, bool isWrite = false)
    {
        if (device is not (ActorRole.Gic or ActorRole.Vcpu))
        {
            return RegisterAt(device, unchecked(address - BaseOf(device)), isWrite);
        }

        var (frame, offset) = FrameOf(address);
        return GicRegisters.NameOf(frame, offset) ?? $"+0x{offset:x}";
    }

    public override string ControlRegister(int number) => SystemRegisterNames.Describe((ushort)number);

    public override string Line(int line) => line == GicCpu.FiqPin ? "FIQ" : "IRQ";

    public override string Interrupt(int number) => number == InterruptIds.Spurious ? "none" : $"{InterruptClasses.Names[InterruptClasses.Of(number)]} {number}";

    public override string Fault(int number)
    {
        var name = Array.Find(Exceptions, exception => exception.Class == number).Name;
        return name ?? $"class 0x{number:x}";
    }

    public override string Exit(in TraceEntry begin) => ExitReasons.NameOf((ExitAction)begin.Code switch
    {
        ExitAction.None => ExitReasons.HostInterrupt,
        ExitAction.Idle => ExitReasons.WaitForInterrupt,
        ExitAction.Hypercall => (begin.Word1 & SecureCallBit) != 0 ? ExitReasons.SecureCall : ExitReasons.ArmHypercall,
        ExitAction.SystemRegister => ExitReasons.SgiWrite(IccRegisters.KindOf((IccRegister)begin.Word1)),
        var action => OfAccess(begin.Other.Role, begin.Word1, action == ExitAction.MmioWrite),
    });

    public override string Send(in TraceEntry send) => $"{Interrupt(send.Number)} to vcpu{send.Other.Index}";

    protected override string Subject(in TraceEntry report) => report.Actor.Role is ActorRole.Gic or ActorRole.Vcpu ? Interrupt(report.Number) : $"{report.Number}";

    protected override string RegisterAt(ActorRole device, ulong offset, bool isWrite) => device switch
    {
        ActorRole.Uart when offset >= Pl011Actor.LineDriverOffset => OfLineDriver(offset - Pl011Actor.LineDriverOffset),
        ActorRole.Uart => Pl011Registers.NameOf(offset, isWrite),
        ActorRole.MsiDevice => MsiRegisters.NameOf(offset),
        ActorRole.LevelDevice => LevelRegisters.NameOf(offset),
        ActorRole.DoorbellDevice => DoorbellRegisters.NameOf(offset),
        _ => null,
    } ?? $"+0x{offset:x}";

    private static int OfAccess(ActorRole device, ulong address, bool isWrite) => device switch
    {
        ActorRole.Gic or ActorRole.Vcpu => OfGic(address, isWrite),
        ActorRole.Vmm => isWrite ? ExitReasons.MmioWriteUser : ExitReasons.MmioReadUser,
        ActorRole.DoorbellDevice => isWrite ? ExitReasons.DoorbellWrite : ExitReasons.DoorbellRead,
        _ => ExitReasons.User(device, isWrite),
    };

    private static int OfGic(ulong address, bool isWrite)
    {
        var (frame, offset) = FrameOf(address);
        return frame == GicRegisters.Distributor ? (isWrite ? ExitReasons.DistributorWrite(offset) : ExitReasons.DistributorRead(offset))
            : frame == GicRegisters.Its ? (isWrite ? ExitReasons.ItsWrite(offset) : ExitReasons.ItsRead(offset))
            : isWrite ? ExitReasons.RedistributorWrite(offset)
            : ExitReasons.RedistributorRead(offset);
    }

    private static (IReadOnlyList<RegisterBank> Frame, ulong Offset) FrameOf(ulong address) =>
        ArmAddressMap.TryFindRedistributor(address, CpuAffinity.MaximumVcpus, out _, out var offset) ? (GicRegisters.Redistributor, offset)
        : address >= ArmAddressMap.ItsBase ? (GicRegisters.Its, address - ArmAddressMap.ItsBase)
        : (GicRegisters.Distributor, unchecked(address - ArmAddressMap.DistributorBase));

    private static ulong BaseOf(ActorRole device) => device switch
    {
        ActorRole.Uart => ArmAddressMap.UartBase,
        ActorRole.MsiDevice => ArmAddressMap.MsiDeviceBase,
        ActorRole.LevelDevice => ArmAddressMap.LevelDeviceBase,
        ActorRole.DoorbellDevice => ArmAddressMap.PeerDoorbellBase,
        _ => 0,
    };
}
