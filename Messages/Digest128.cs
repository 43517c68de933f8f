using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Trapline.Messages;

/// <summary>
/// A chained 128-bit hash: two lanes, each folded by 64×64→128-bit multiplications. Not cryptographic: it tells equal
/// runs from unequal ones, not friend from foe. The chain is itself saved state.
/// </summary>
public struct Digest128 : IEquatable<Digest128>
{
    // Odd constants with about as many ones as zeros: the fractional digits of well-known irrational numbers.
    private const ulong Key0 = 0x9E3779B97F4A7C15;
    private const ulong Key1 = 0xC2B2AE3D27D4EB4F;
    private const ulong Key2 = 0x165667B19E3779F9;
    private const ulong Key3 = 0xD6E8FEB86659FD93;

    public ulong Low;
    public ulong High;

    public static Digest128 Empty => new() { Low = Key0, High = Key1 };

    public static bool operator ==(Digest128 a, Digest128 b) => a.Equals(b);

    public static bool operator !=(Digest128 a, Digest128 b) => !a.Equals(b);

    /// <summary>Chains one handled message: every bit of its 64 bytes counts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Absorb(in Message message)
    {
        ref var words = ref Unsafe.As<Message, ulong>(ref Unsafe.AsRef(in message));
        Absorb(words, Unsafe.Add(ref words, 1), Unsafe.Add(ref words, 2), Unsafe.Add(ref words, 3));
        Absorb(Unsafe.Add(ref words, 4), Unsafe.Add(ref words, 5), Unsafe.Add(ref words, 6), Unsafe.Add(ref words, 7));
    }

    /// <summary>Chains four words: two multiplications, each lane feeding the other so that order matters everywhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Absorb(ulong a, ulong b, ulong c, ulong d)
    {
        var low = Fold(Low ^ a ^ Key2, High ^ b ^ Key3);
        var high = Fold(High ^ c ^ Key0, BitOperations.RotateLeft(Low, 29) ^ d ^ Key1);
        // The words themselves are added in: a factor that happens to be zero must not swallow its partner.
        Low = BitOperations.RotateLeft(low, 17) + (high ^ a) + (d * Key3);
        High = BitOperations.RotateLeft(high, 41) + (low ^ c) + (b * Key2);
    }

    public void Absorb(ulong word) => Absorb(word, Key2, Key1, Key0);

    public void Absorb(Digest128 other) => Absorb(other.Low, other.High, Key3, Key2);

    /// <summary>Chains text by its UTF-16 units, length first, so that two texts never run into one.</summary>
    public void Absorb(ReadOnlySpan<char> text)
    {
        Absorb((ulong)text.Length);
        foreach (var character in text)
        {
            Absorb(character);
        }
    }

    /// <summary>Chains bytes, length first; the last group is filled up with zeros.</summary>
    public void Absorb(ReadOnlySpan<byte> bytes)
    {
        Absorb((ulong)bytes.Length);
        Span<ulong> words = stackalloc ulong[4];
        while (bytes.Length > 0)
        {
            words.Clear();
            var part = bytes[..Math.Min(32, bytes.Length)];
            part.CopyTo(MemoryMarshal.AsBytes(words));
            Absorb(words[0], words[1], words[2], words[3]);
            bytes = bytes[part.Length..];
        }
    }

    public readonly bool Equals(Digest128 other) => Low == other.Low && High == other.High;

    public override readonly bool Equals(object? obj) => obj is Digest128 other && Equals(other);

    public override readonly int GetHashCode() => unchecked((int)Low);

    /// <summary>32 hexadecimal digits.</summary>
    public override readonly string ToString() => $"{High:x16}{Low:x16}";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong a, ulong b)
    {
        // Math.BigMul hands the low half back through memory, in the middle of the chain that each message waits for.
        return Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(a, b) ^ (a * b) : Math.BigMul(a, b, out var low) ^ low;
    }
}
