using System.Runtime.CompilerServices;
using Trapline.Messages;

namespace Trapline.Actors.Kernel;

/// <summary>
/// How each kind of message is sent: as a call, as the answer to one, or alone; and whether it carries an interrupt on its
/// way. One table for all who look at messages without being their target.
/// </summary>
public static class MessageForms
{
    /// <summary>Kinds of answers: an actor waits for one of each at a time.</summary>
    public const int AnswerKinds = 16;

    private const byte AnswerMask = 15;
    private const byte Call = 16;
    private const byte Answer = 32;
    private const byte Interrupt = 64;

    private static readonly MessageKind[] Answers =
        [
            MessageKind.AccessAnswer, MessageKind.IpiAnswer, MessageKind.LineAnswer, MessageKind.InputAnswer, MessageKind.MemoryAnswer, MessageKind.AssignCpuIdAnswer,
            MessageKind.IoctlAnswer, MessageKind.DeviceAttributeAnswer, MessageKind.InterruptRecalled, MessageKind.PsciAnswer,
        ];

    private static readonly byte[] Forms = Fill();

    /// <summary>Whether the sender waits for an answer.</summary>
    public static bool IsCall(MessageKind kind) => (Of(kind) & Call) != 0;

    public static bool IsAnswer(MessageKind kind) => (Of(kind) & Answer) != 0;

    /// <summary>Whether it may raise an interrupt, or take it back, where it arrives.</summary>
    public static bool CarriesInterrupt(MessageKind kind) => (Of(kind) & Interrupt) != 0;

    /// <summary>The answer to a call.</summary>
    public static MessageKind AnswerTo(MessageKind call) => Answers[AnswerIndex(Of(call))];

    /// <summary>All about a kind in one number; 0 for one that is neither call nor answer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static byte Of(MessageKind kind) => (uint)kind < (uint)Forms.Length ? Forms[(int)kind] : (byte)0;

    internal static bool IsCall(byte form) => (form & Call) != 0;

    internal static bool IsAnswer(byte form) => (form & Answer) != 0;

    internal static bool CarriesInterrupt(byte form) => (form & Interrupt) != 0;

    /// <summary>Which of the <see cref="AnswerKinds"/> a call waits for, or an answer is.</summary>
    internal static int AnswerIndex(byte form) => form & AnswerMask;

    private static byte[] Fill()
    {
        var forms = new byte[(int)MessageKind.PsciAnswer + 1];
        for (var index = 0; index < Answers.Length; index++)
        {
            forms[(int)Answers[index]] = (byte)(Answer | index);
        }

        Set(MessageKind.AccessAnswer, Call, MessageKind.IocsrRead, MessageKind.IocsrWrite, MessageKind.MmioRead, MessageKind.MmioWrite);
        Set(MessageKind.IpiAnswer, Call | Interrupt, MessageKind.IpiSend, MessageKind.AnySend);
        Set(MessageKind.LineAnswer, Call | Interrupt, MessageKind.LineChange, MessageKind.InterruptHand, MessageKind.SgiSignal);
        Set(MessageKind.InputAnswer, Call | Interrupt, MessageKind.PinInput, MessageKind.MessageSignal, MessageKind.EventfdWrite, MessageKind.EventfdRoute, MessageKind.MessageRoute);
        Set(MessageKind.MemoryAnswer, Call, MessageKind.MemoryAccess);
        Set(MessageKind.IoctlAnswer, Call | Interrupt, MessageKind.Ioctl);
        Set(MessageKind.DeviceAttributeAnswer, Call, MessageKind.DeviceAttribute);
        Set(MessageKind.AssignCpuIdAnswer, Call, MessageKind.AssignCpuId);
        Set(MessageKind.InterruptRecalled, Call, MessageKind.InterruptRecall);
        Set(MessageKind.PsciAnswer, Call, MessageKind.PsciCpuOn, MessageKind.PsciAffinityInfo);
        forms[(int)MessageKind.DoorbellRing] = Interrupt;
        return forms;

        void Set(MessageKind answer, byte form, params ReadOnlySpan<MessageKind> calls)
        {
            foreach (var call in calls)
            {
                forms[(int)call] = (byte)(form | Array.IndexOf(Answers, answer));
            }
        }
    }
}
