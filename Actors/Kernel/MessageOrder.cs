using Trapline.Messages;

namespace Trapline.Actors.Kernel;

/// <summary>What decides which of two messages to a group is handled first: due time, rank, source, sequence.</summary>
internal readonly record struct MessageOrder(long Due, ulong Rank, uint Source, ulong Sequence, int Slot) : IComparable<MessageOrder>
{
    public static MessageOrder Of(in Message message, ulong seed, int slot) => new(
        message.Due.Picoseconds,
        CounterRandom.Rank(seed, message.Due, message.Source),
        message.Source.Value,
        message.Sequence,
        slot);

    public int CompareTo(MessageOrder other)
    {
        var order = Due.CompareTo(other.Due);
        order = order != 0 ? order : Rank.CompareTo(other.Rank);
        order = order != 0 ? order : Source.CompareTo(other.Source);
        return order != 0 ? order : Sequence.CompareTo(other.Sequence);
    }
}
