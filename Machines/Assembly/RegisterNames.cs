namespace Trapline.Machines.Assembly;

/// <summary>What registers are called in guests of one architecture.</summary>
internal sealed class RegisterNames
{
    private readonly Dictionary<string, byte> _numbers = new(StringComparer.Ordinal);

    /// <summary>The LoongArch ABI (Linux arch/loongarch/include/asm/regdef.h), and r0 to r31. u0 is r21, which Linux uses for the per-CPU base.</summary>
    public static RegisterNames LoongArch { get; } = OfLoongArch();

    /// <summary>
    /// x0 to x30, xzr, sp, lr, fp; and by their use in the procedure call standard (AAPCS64) the names that the library has on each
    /// architecture: a0 to a7, t0 to t8, s0 to s8, ra, zero.
    /// </summary>
    public static RegisterNames Arm { get; } = OfArm();

    public IEnumerable<string> All => _numbers.Keys;

    /// <summary>Whether a name is a register of any architecture: what is defined for guests of each must be none.</summary>
    public static bool IsAnywhere(string name) => LoongArch.TryGet(name, out _) || Arm.TryGet(name, out _);

    public bool TryGet(string name, out byte number) => _numbers.TryGetValue(name, out number);

    private static RegisterNames OfLoongArch()
    {
        string[] abi =
        [
            "zero", "ra", "tp", "sp",
            "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7",
            "t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8",
            "u0", "fp",
            "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8",
        ];
        var names = new RegisterNames();
        for (byte i = 0; i < abi.Length; i++)
        {
            names._numbers.Add(abi[i], i);
            names._numbers.Add($"r{i}", i);
        }

        return names;
    }

    private static RegisterNames OfArm()
    {
        const byte X0 = 1;
        var names = new RegisterNames();
        void Add(string prefix, int count, int first)
        {
            for (var i = 0; i < count; i++)
            {
                names._numbers.Add($"{prefix}{i}", (byte)(X0 + first + i));
            }
        }

        names._numbers.Add("xzr", 0);
        names._numbers.Add("zero", 0);
        Add("x", 31, 0);
        Add("a", 8, 0);
        Add("t", 9, 9);
        Add("s", 9, 19);
        names._numbers.Add("fp", X0 + 29);
        names._numbers.Add("lr", X0 + 30);
        names._numbers.Add("ra", X0 + 30);
        names._numbers.Add("sp", X0 + 31);
        return names;
    }
}
