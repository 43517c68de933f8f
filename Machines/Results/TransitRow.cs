using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Machines.Results;

/// <summary>A message that was sent: it waits in a queue, or its sender waits for the answer to it.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="Target">To whom.</param>
/// <param name="Sequence">The source's number for it.</param>
/// <param name="At">When it was sent; of one in a queue, when it is due.</param>
/// <param name="Origin">Of a call, when what it carries began.</param>
public readonly record struct TransitRow(MessageKind Kind, ActorAddress Source, ActorAddress Target, ulong Sequence, VirtualTime At, VirtualTime Origin)
{
    internal static void Sync(StateSync sync, ref TransitRow row)
    {
        var (kind, source, target, sequence, at, origin) = row;
        var number = (uint)kind;
        sync.Row("kind", ref number);
        sync.Row("source", ref source);
        sync.Row("target", ref target);
        sync.Row("sequence", ref sequence);
        sync.Row("at", ref at);
        sync.Row("origin", ref origin);
        row = new TransitRow((MessageKind)(ushort)number, source, target, sequence, at, origin);
    }
}
