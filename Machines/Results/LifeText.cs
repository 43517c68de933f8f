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
        LifeEventKind.Report or LifeEventKind.InterruptReport => Report(in life),
        LifeEventKind.Kick => $"kicked, in phase {(VcpuPhase)life.Code}",
        _ => "asleep",
    };

    /// <summary>What the way of an interrupt begins with, at the origin that its messages carry; null where the event does not tell.</summary>
    public static (ActorAddress Actor, string What)? Beginning(in LifeEvent life)
    {
        if (life.Kind is LifeEventKind.Report or LifeEventKind.InterruptReport or LifeEventKind.Kick or LifeEventKind.Asleep)
        {
            return null;
        }

        var source = life.Kind == LifeEventKind.Arrived ? life.Other : life.Actor;
        return (MessageKind)life.Code == MessageKind.IpiSend
            ? (new ActorAddress(source.Machine, ActorRole.Vcpu, source.Index), $"wrote {Register(in life)}")
            : (source, "began to raise it");
    }

    private static string Sent(in LifeEvent life) => (MessageKind)life.Code switch
    {
        MessageKind.IpiSend => $"{Register(in life)} carried to {life.Other}",
        MessageKind.AnySend => $"ANY_SEND carried to {life.Other}",
        MessageKind.LineChange => $"line {CpuLines.NameOf(life.Number)} of {life.Other} driven {Level(in life)}",
        MessageKind.PinInput => $"input {life.Number} of {life.Other} driven {Level(in life)}",
        MessageKind.InterruptHand => $"INTID {life.Number} handed to {life.Other}",
        MessageKind.SgiSignal => $"SGI {life.Number & 0xF} sent to {life.Other}",
        MessageKind.MessageSignal => $"message 0x{life.Number:x} sent to {life.Other}",
        MessageKind.EventfdWrite => $"{life.Other} written",
        MessageKind.DoorbellRing => $"vector {life.Number} of {life.Other} rung",
        _ => $"{(MessageKind)life.Code} sent to {life.Other}",
    };

    private static string Arrived(in LifeEvent life) => (MessageKind)life.Code switch
    {
        MessageKind.IpiSend => $"{Register(in life)} from {life.Other}",
        MessageKind.AnySend => $"ANY_SEND from {life.Other}",
        MessageKind.LineChange => $"line {CpuLines.NameOf(life.Number)} driven {Level(in life)} by {life.Other}",
        MessageKind.PinInput => $"input {life.Number} driven {Level(in life)} by {life.Other}",
        MessageKind.InterruptHand => $"INTID {life.Number} handed over by {life.Other}",
        MessageKind.SgiSignal => $"SGI {life.Number & 0xF} from {life.Other}",
        MessageKind.MessageSignal => $"message 0x{life.Number:x} from {life.Other}",
        MessageKind.EventfdWrite => $"written by {life.Other}",
        MessageKind.DoorbellRing => $"vector {life.Number} rung by {life.Other}",
        _ => $"{(MessageKind)life.Code} from {life.Other}",
    };

    private static string Report(in LifeEvent life)
    {
        var what = life.Kind == LifeEventKind.InterruptReport ? $"INTID {life.Number}" : life.Actor.Role switch
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
