using Trapline.Actors.Invariants;
using Trapline.Actors.Vcpus;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Messages;

namespace Trapline.Machines.Results;

/// <summary>The steps of an interrupt's life in words.</summary>
internal static class LifeText
{
    public static string Of(in LifeEvent life) => life.Kind switch
    {
        LifeEventKind.Sent => Sent(in life),
        LifeEventKind.Arrived => Arrived(in life),
        LifeEventKind.Lost => $"{Sent(in life)}: this vanished",
        LifeEventKind.Report => Report(in life),
        LifeEventKind.Kick => $"kicked, in phase {(VcpuPhase)life.Code}",
        _ => "asleep",
    };

    /// <summary>What the vCPU did with which the way of an IPI begins; null where the event does not tell.</summary>
    public static string? Beginning(in LifeEvent life) => life.Kind is LifeEventKind.Sent or LifeEventKind.Lost && (MessageKind)life.Code == MessageKind.IpiSend
        ? $"wrote {Register(in life)}"
        : null;

    private static string Sent(in LifeEvent life) => (MessageKind)life.Code switch
    {
        MessageKind.IpiSend => $"{Register(in life)} carried to {life.Other}",
        MessageKind.AnySend => $"ANY_SEND carried to {life.Other}",
        MessageKind.LineChange => $"line {CpuLines.NameOf(life.Number)} of {life.Other} driven {Level(in life)}",
        MessageKind.PinInput => $"input {life.Number} of {life.Other} driven {Level(in life)}",
        MessageKind.MessageSignal => $"message 0x{life.Number:x} sent to {life.Other}",
        _ => $"{(MessageKind)life.Code} sent to {life.Other}",
    };

    private static string Arrived(in LifeEvent life) => (MessageKind)life.Code switch
    {
        MessageKind.IpiSend => $"{Register(in life)} from {life.Other}",
        MessageKind.AnySend => $"ANY_SEND from {life.Other}",
        MessageKind.LineChange => $"line {CpuLines.NameOf(life.Number)} driven {Level(in life)} by {life.Other}",
        MessageKind.PinInput => $"input {life.Number} driven {Level(in life)} by {life.Other}",
        MessageKind.MessageSignal => $"message 0x{life.Number:x} from {life.Other}",
        _ => $"{(MessageKind)life.Code} from {life.Other}",
    };

    private static string Report(in LifeEvent life)
    {
        var what = life.Actor.Role switch
        {
            ActorRole.Ipi => $"vectors 0x{life.Value:x}",
            ActorRole.Vcpu => CpuLines.NameOf(life.Number),
            ActorRole.PchPic => $"pin {life.Number}",
            _ => $"vector {life.Number}",
        };
        return (ReportKind)life.Code == ReportKind.Delivered
            ? $"handler of {what} entered"
            : $"{((ReportKind)life.Code).ToString().ToLowerInvariant()} {what}";
    }

    private static string Register(in LifeEvent life) => $"{IpiRegisters.NameOf(life.Number)} 0x{life.Value:x}";

    private static string Level(in LifeEvent life) => life.Value != 0 ? "high" : "low";
}
