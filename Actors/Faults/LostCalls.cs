using Trapline.Actors.Kernel;
using Trapline.Actors.Statistics;
using Trapline.Messages;

namespace Trapline.Actors.Faults;

/// <summary>
/// What the sender of a call that was dropped is answered: at once, that all is done and cost nothing. A real CPU does not
/// stop because an interrupt that it sent was lost.
/// </summary>
/// <remarks>
/// A register access reads 0 and counts as one that no device served; a memory access reads 0; sends, lines, inputs and
/// messages cost nothing. What is no call, a post or an answer, is lost without a word: who waits for an answer waits for ever.
/// </remarks>
internal static class LostCalls
{
    /// <summary>The answer, as if the target had given it in the same instant.</summary>
    public static Message AnswerTo(in Message call, VirtualTime now) => new()
    {
        Due = now,
        Sequence = call.Sequence,
        Source = call.Target,
        Target = call.Source,
        Kind = MessageForms.AnswerTo(call.Kind),
        Word2 = call.Kind switch
        {
            MessageKind.IocsrRead => ExitReasons.IocsrReadUser,
            MessageKind.IocsrWrite => ExitReasons.IocsrWriteUser,
            MessageKind.MmioRead => ExitReasons.MmioReadUser,
            MessageKind.MmioWrite => ExitReasons.MmioWriteUser,
            _ => 0UL,
        },
    };
}
