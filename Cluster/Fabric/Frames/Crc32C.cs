using System.Numerics;
using System.Runtime.InteropServices;

namespace Trapline.Cluster.Fabric.Frames;

/// <summary>
/// CRC-32C (Castagnoli, RFC 3720 appendix B.4): guards against damage and mistakes, not against forgery. One processor
/// instruction for eight bytes on x64 and Arm.
/// </summary>
internal static class Crc32C
{
    /// <summary>
    /// That instruction takes three cycles, and the next of the same checksum waits for it; but the processor begins one in each cycle. So long runs
    /// of bytes go in three lanes side by side, and are joined after each this many words of eight bytes.
    /// </summary>
    private const int LaneWords = 128;

    private static readonly uint[] PastLane = ShiftsPastLane();

    internal static uint Compute(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) =>
        ~Append(Append(uint.MaxValue, first), second);

    private static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        var rest = bytes[(words.Length * sizeof(ulong))..];
        while (words.Length >= 3 * LaneWords)
        {
            crc = AppendLanes(crc, words[..LaneWords], words[LaneWords..(2 * LaneWords)], words[(2 * LaneWords)..(3 * LaneWords)]);
            words = words[(3 * LaneWords)..];
        }

        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var value in rest)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return crc;
    }

    private static uint AppendLanes(uint crc, ReadOnlySpan<ulong> first, ReadOnlySpan<ulong> second, ReadOnlySpan<ulong> third)
    {
        var (ofSecond, ofThird) = (0u, 0u);
        for (var i = 0; i < first.Length && i < second.Length && i < third.Length; i++)
        {
            crc = BitOperations.Crc32C(crc, first[i]);
            ofSecond = BitOperations.Crc32C(ofSecond, second[i]);
            ofThird = BitOperations.Crc32C(ofThird, third[i]);
        }

        return ShiftPastLane(ShiftPastLane(crc) ^ ofSecond) ^ ofThird;
    }

    /// <summary>The checksum after as many zero bytes as a lane has. It is linear, so the four bytes of the checksum are looked up one by one.</summary>
    private static uint ShiftPastLane(uint crc) =>
        PastLane[crc & 0xff] ^ PastLane[0x100 | ((crc >> 8) & 0xff)] ^ PastLane[0x200 | ((crc >> 16) & 0xff)] ^ PastLane[0x300 | (crc >> 24)];

    private static uint[] ShiftsPastLane()
    {
        var shifts = new uint[4 * 256];
        for (var i = 0; i < shifts.Length; i++)
        {
            var crc = (uint)(i & 0xff) << (8 * (i >> 8));
            for (var word = 0; word < LaneWords; word++)
            {
                crc = BitOperations.Crc32C(crc, 0UL);
            }

            shifts[i] = crc;
        }

        return shifts;
    }
}
