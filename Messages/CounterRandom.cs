namespace Trapline.Messages;

/// <summary>
/// Randomness without a stream to share: each draw is a function of (seed, actor, purpose, n), so that no order of
/// execution and no other draw can change it. The counter n is the drawer's own saved state.
/// </summary>
public static class CounterRandom
{
    private const ulong Key0 = 0xA0761D6478BD642F;
    private const ulong Key1 = 0xE7037ED1A0B428DB;
    private const ulong Key2 = 0x8EBC6AF09C88C6E3;

    /// <summary>64 uniform bits.</summary>
    public static ulong Draw(ulong seed, ActorAddress actor, RandomPurpose purpose, ulong n)
    {
        var mixed = Mix(seed ^ Key0, ((ulong)actor.Value << 32) | (uint)purpose);
        return Mix(mixed ^ Key1, n ^ Key2);
    }

    /// <summary>Uniform in [0, <paramref name="bound"/>); a bound of 0 or 1 gives 0. The bias is below bound / 2^64.</summary>
    public static ulong DrawBelow(ulong bound, ulong seed, ActorAddress actor, RandomPurpose purpose, ulong n) =>
        Math.BigMul(Draw(seed, actor, purpose, n), bound, out _);

    /// <summary>
    /// The rank of a source among those with something due at the same time: a hash, so that no address is favoured
    /// over a whole run, and the seed decides.
    /// </summary>
    public static ulong Rank(ulong seed, VirtualTime due, ActorAddress source) =>
        Mix(seed ^ Key2 ^ (ulong)due.Picoseconds, source.Value ^ Key0);

    private static ulong Mix(ulong a, ulong b)
    {
        // Two rounds: one multiplication alone leaves the low bits of small factors visible.
        var high = Math.BigMul(a ^ Key1, b ^ Key2, out var low);
        a = high ^ low ^ b;
        high = Math.BigMul(a ^ Key2, 0x9E3779B97F4A7C15, out low);
        return high ^ low ^ (a >> 29);
    }
}
