using Trapline.Actors.Devices;
using Trapline.Actors.LoongArch;
using Trapline.Actors.Statistics;
using Trapline.Actors.Tracing;
using Trapline.Actors.Vcpus;
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

/// <summary>As the LoongArch manuals spell them, and those of the 7A1000 bridge.</summary>
internal sealed class LoongArchTraceNames : TraceNames
{
    public override string Register(ActorRole device, ulong address, bool isWrite = false) =>
        RegisterAt(device, unchecked(address - BaseOf(device)), isWrite);

    public override string ControlSpace => "csr";

    public override string ControlRegister(int number) => CsrNames.NameOf(number) ?? $"0x{number:x}";

    public override string Line(int line) => CpuLines.NameOf(line);

    public override string Interrupt(int number) => Line(number);

    public override string Fault(int number) => ExceptionCodes.NameOf(number & 0xFF, number >> 8) ?? $"code 0x{number:x}";

    public override string Exit(in TraceEntry begin) => ExitReasons.NameOf((ExitAction)begin.Code switch
    {
        ExitAction.None => ExitReasons.HostInterrupt,
        ExitAction.Idle => ExitReasons.Idle,
        ExitAction.CpuConfiguration => ExitReasons.CpuConfiguration,
        ExitAction.Hypercall => TrappedInstruction.CodeOf((uint)begin.Word1) == Hypercalls.ServiceCode ? ExitReasons.Hypercall : ExitReasons.UnknownHypercall,
        var action => OfAccess(begin.Other.Role, action, begin.Word1, begin.Number != 0),
    });

    public override string Send(in TraceEntry send) => send.Actor.Role == ActorRole.Vcpu
        ? $"{Line(send.Number)} to vcpu{send.Other.Index}"
        : send.Other.Role == ActorRole.Ipi
        ? $"{IpiRegisters.NameOf(send.Number)} to vcpu{send.Other.Index}"
        : $"{IpiRegisters.NameOf(send.Number)} to {send.Other}";

    protected override string Subject(in TraceEntry report) => report.Actor.Role == ActorRole.Ipi ? $"{Line(CpuLines.Ipi)} 0x{report.Word0:x}" : $"{report.Number}";

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

    protected override string RegisterAt(ActorRole device, ulong offset, bool isWrite) => device switch
    {
        ActorRole.Ipi => IpiRegisters.NameOf((int)(offset & IpiRegisters.OffsetMask)),
        ActorRole.Eiointc => EiointcRegisters.NameOfAddress(offset),
        ActorRole.PchPic => PchPicRegisters.NameOf(offset),
        ActorRole.PchMsi => "DOORBELL",
        ActorRole.Uart when offset >= UartActor.LineDriverOffset => OfLineDriver(offset - UartActor.LineDriverOffset),
        ActorRole.Uart => UartRegisters.NameOf(offset, isWrite),
        ActorRole.Rtc => RtcRegisters.NameOf(offset),
        ActorRole.MsiDevice => MsiRegisters.NameOf(offset),
        ActorRole.LevelDevice => LevelRegisters.NameOf(offset),
        ActorRole.DoorbellDevice => DoorbellRegisters.NameOf(offset),
        ActorRole.Misc => IocsrMiscRegisters.NameOf(offset),
        _ => null,
    } ?? $"+0x{offset:x}";
}
