using Trapline.Messages;

namespace Trapline.Actors.Publishing;

/// <summary>How rows of a published table lie in a message: four of 16 bits, from a first index on.</summary>
public static class PublishedRows
{
    /// <summary>Rows of one message.</summary>
    public const int Count = 4;

    /// <summary>This row does not change.</summary>
    public const ulong Unchanged = 0xFFFF;

    public const ulong AllUnchanged = ulong.MaxValue;

    private const int Bits = 16;
    private const ulong LastFlag = 1UL << 32;

    public static ulong Get(ulong rows, int index) => (rows >> (Bits * index)) & Unchanged;

    public static ulong With(ulong rows, int index, ulong value) => (rows & ~(Unchanged << (Bits * index))) | ((value & Unchanged) << (Bits * index));

    internal static ulong Head(PublishedTable table, bool isLast) => (uint)table | (isLast ? LastFlag : 0);

    internal static bool IsLast(in Message message) => (message.Word0 & LastFlag) != 0;
}
