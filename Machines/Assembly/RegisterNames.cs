namespace Trapline.Machines.Assembly;

/// <summary>
/// Register names of the LoongArch ABI (Linux arch/loongarch/include/asm/regdef.h), and r0 to r31. u0 is r21, which
/// Linux uses for the per-CPU base.
/// </summary>
internal static class RegisterNames
{
    private static readonly string[] AbiNames =
    [
        "zero", "ra", "tp", "sp",
        "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7",
        "t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8",
        "u0", "fp",
        "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8",
    ];

    private static readonly Dictionary<string, byte> Numbers = Build();

    public static IEnumerable<string> All => AbiNames;

    public static bool TryGet(string name, out byte number) => Numbers.TryGetValue(name, out number);

    private static Dictionary<string, byte> Build()
    {
        var numbers = new Dictionary<string, byte>(StringComparer.Ordinal);
        for (byte i = 0; i < AbiNames.Length; i++)
        {
            numbers.Add(AbiNames[i], i);
            numbers.Add($"r{i}", i);
        }

        return numbers;
    }
}
