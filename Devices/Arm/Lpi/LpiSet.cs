using System.Numerics;

namespace Trapline.Devices.Arm.Lpi;

/// <summary>A set of LPIs: a bit each, in blocks of 64, so that going through them in the order of INTIDs skips what is not there.</summary>
internal sealed class LpiSet
{
    public const int BlockSize = 64;
    public const int Blocks = InterruptIds.LpiCount / BlockSize;

    private readonly ulong[] _blocks = new ulong[Blocks];

    public int Count => _blocks.Sum(BitOperations.PopCount);

    /// <summary>Bit n is LPI n of a block.</summary>
    public ulong this[int block] => _blocks[block];

    /// <summary>The LPI of bit 0.</summary>
    public static int FirstOf(int block) => InterruptIds.FirstLpi + (block * BlockSize);

    public void Add(int interruptId) => BlockOf(interruptId) |= 1UL << (interruptId % BlockSize);

    public void Remove(int interruptId) => BlockOf(interruptId) &= ~(1UL << (interruptId % BlockSize));

    /// <summary>The least INTID from one on that another set has too; the end of the range where there is none.</summary>
    /// <param name="interruptId">From this one on.</param>
    /// <param name="other">Or null for all.</param>
    public int NextFrom(int interruptId, LpiSet? other = null)
    {
        var from = interruptId - InterruptIds.FirstLpi;
        var mask = ulong.MaxValue << (from % BlockSize);
        for (var block = from / BlockSize; block < Blocks; block++)
        {
            var bits = _blocks[block] & mask & (other?._blocks[block] ?? ulong.MaxValue);
            if (bits != 0)
            {
                return FirstOf(block) + BitOperations.TrailingZeroCount(bits);
            }

            mask = ulong.MaxValue;
        }

        return InterruptIds.LpiEnd;
    }

    public void Clear() => Array.Clear(_blocks);

    /// <summary>By INTID. The one that is at hand may be removed meanwhile.</summary>
    public IEnumerator<int> GetEnumerator()
    {
        for (var interrupt = NextFrom(InterruptIds.FirstLpi); interrupt < InterruptIds.LpiEnd; interrupt = NextFrom(interrupt + 1))
        {
            yield return interrupt;
        }
    }

    private ref ulong BlockOf(int interruptId) => ref _blocks[(interruptId - InterruptIds.FirstLpi) / BlockSize];
}
