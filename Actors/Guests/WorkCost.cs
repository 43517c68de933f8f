using Trapline.Actors.Statistics;

namespace Trapline.Actors.Guests;

/// <summary>How <see cref="Instruction.Text"/> of a <c>work</c> names the cost that it takes, and one that is taken off because it is contained.</summary>
public static class WorkCost
{
    private const int Bits = 8;

    public static ushort Encode(CostKind cost, CostKind? contained) => (ushort)((int)cost + 1 + ((contained is { } part ? (int)part + 1 : 0) << Bits));

    public static (CostKind Cost, CostKind? Contained) Decode(ushort text)
    {
        var contained = text >> Bits;
        return ((CostKind)((text & ((1 << Bits) - 1)) - 1), contained == 0 ? null : (CostKind)(contained - 1));
    }
}
