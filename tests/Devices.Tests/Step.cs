using FsCheck;
using FsCheck.Fluent;

namespace Trapline.Devices.Tests;

/// <summary>One random input of a property test: what the numbers mean is up to the test.</summary>
/// <param name="Action">Which input.</param>
/// <param name="Place">Where: a CPU, a register.</param>
/// <param name="Value">With what.</param>
internal readonly record struct Step(int Action, int Place, ulong Value)
{
    private const ulong Seed = 20_240_607;
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    /// <summary>Checks a property over sequences of steps, always the same ones; a failure is printed shrunk.</summary>
    public static void CheckAll(Action<Step[]> property)
    {
        var number = Gen.Choose(0, int.MaxValue);
        var step =
            from action in number
            from place in number
            from shape in Gen.Choose(0, 3)
            from low in Gen.Choose(int.MinValue, int.MaxValue)
            from high in Gen.Choose(int.MinValue, int.MaxValue)
            select new Step(action, place, Shape(shape, (uint)low, (uint)high));
        var replay = new Replay(new Rnd(Seed, Gamma | 1), null);
        var config = Config.QuickThrowOnFailure.WithMaxTest(400).WithEndSize(150).WithReplay(replay);
        Check.One(config, Prop.ForAll(Arb.Array(Arb.From(step)), property));
    }

    /// <summary>Registers are met by few bits, small numbers and all bits more often than by noise.</summary>
    private static ulong Shape(int shape, uint low, uint high) => shape switch
    {
        0 => 1ul << (int)(low & 63),
        1 => low & 0x3F,
        2 => low,
        _ => ((ulong)high << 32) | low,
    };
}
