namespace Trapline.Actors.Statistics;

/// <summary>
/// How often each cost that an answer carries was paid on the way: kicks and ioctls. It travels beside the sum, in a word of
/// its own (<c>LineAnswer</c>, <c>InputAnswer</c>) or above an outcome of eight bits (<c>AccessAnswer</c>, <c>IpiAnswer</c>),
/// so that a vCPU's ledger can name what it waited for. Nothing is computed from it; an answer without one is only less telling.
/// </summary>
/// <param name="Packed">Four counts of 14 bits, which stay at their greatest: a guest can let out every LPI of a GIC by one write.</param>
public readonly record struct CostBill(ulong Packed)
{
    private const int Bits = 14;
    private const ulong Most = (1UL << Bits) - 1;
    private const int OutcomeBits = 8;

    private static ReadOnlySpan<CostKind> Fields => [CostKind.KickIdle, CostKind.KickRunning, CostKind.KickOutside, CostKind.InjectionIoctl];

    /// <summary>The kinds that a bill can have.</summary>
    public static ReadOnlySpan<CostKind> Kinds => Fields;

    public static CostBill operator +(CostBill a, CostBill b)
    {
        if (a.Packed == 0 || b.Packed == 0)
        {
            return new(a.Packed | b.Packed);
        }

        // What is above a field's end is told by nobody: the sum of the time has it.
        var sum = 0UL;
        for (var field = 0; field < Fields.Length; field++)
        {
            var count = ((a.Packed >> (field * Bits)) & Most) + ((b.Packed >> (field * Bits)) & Most);
            sum |= Math.Min(count, Most) << (field * Bits);
        }

        return new(sum);
    }

    public static CostBill Add(CostBill left, CostBill right) => left + right;

    /// <summary>Once <paramref name="kind"/>; nothing where a bill has no place for it.</summary>
    public static CostBill Once(CostKind kind)
    {
        var field = Fields.IndexOf(kind);
        return field < 0 ? default : new(1UL << (field * Bits));
    }

    /// <summary>The bill in a word that <see cref="Beside"/> made.</summary>
    public static CostBill Above(ulong word) => new(word >> OutcomeBits);

    /// <summary>A word with an outcome in its lowest eight bits.</summary>
    public ulong Beside(byte outcome) => outcome | (Packed << OutcomeBits);

    public int CountOf(CostKind kind)
    {
        var field = Fields.IndexOf(kind);
        return field < 0 ? 0 : (int)((Packed >> (field * Bits)) & Most);
    }
}
