using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Trapline.Actors.Kernel;

/// <summary>Eight due times at once, or for each of eight whether it is meant.</summary>
/// <remarks>
/// Two halves of 256 bits: as wide as most machines have, and where they have more, the masks of wider vectors go back and forth
/// between two kinds of registers, which was slower.
/// </remarks>
internal readonly struct DueNode
{
    public const int Size = 8;

    private readonly Vector256<long> _low;
    private readonly Vector256<long> _high;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private DueNode(Vector256<long> low, Vector256<long> high)
    {
        _low = low;
        _high = high;
    }

    /// <summary>The least of the eight.</summary>
    public long Least
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var four = Vector256.Min(_low, _high);
            var two = Vector128.Min(four.GetLower(), four.GetUpper());
            return Vector128.Min(two, Vector128.Shuffle(two, Vector128.Create(1L, 0))).ToScalar();
        }
    }

    /// <summary>A bit for each one that is meant.</summary>
    public uint Bits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _low.ExtractMostSignificantBits() | (_high.ExtractMostSignificantBits() << Vector256<long>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DueNode Load(long[] times, int first)
    {
        ref var start = ref MemoryMarshal.GetArrayDataReference(times);
        return new DueNode(Vector256.LoadUnsafe(ref start, (nuint)first), Vector256.LoadUnsafe(ref start, (nuint)(first + Vector256<long>.Count)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DueNode Min(DueNode a, DueNode b) => new(Vector256.Min(a._low, b._low), Vector256.Min(a._high, b._high));

    /// <summary>Means those that are due at this time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public DueNode At(long time)
    {
        var times = Vector256.Create(time);
        return new DueNode(Vector256.Equals(_low, times), Vector256.Equals(_high, times));
    }

    /// <summary>Means those that are due before this time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public DueNode Before(long time)
    {
        var times = Vector256.Create(time);
        return new DueNode(Vector256.LessThan(_low, times), Vector256.LessThan(_high, times));
    }

    /// <summary>The same with those that are meant due never: all ones without the sign are the latest time there is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public DueNode Without(DueNode meant) => new(_low | (meant._low >>> 1), _high | (meant._high >>> 1));

    /// <summary>The same with another time at one place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public DueNode With(int place, long time)
    {
        var (places, times) = (Vector256.Create((long)place), Vector256.Create(time));
        return new DueNode(
            Vector256.ConditionalSelect(Vector256.Equals(places, Vector256<long>.Indices), times, _low),
            Vector256.ConditionalSelect(Vector256.Equals(places, Vector256<long>.Indices + Vector256.Create((long)Vector256<long>.Count)), times, _high));
    }
}
