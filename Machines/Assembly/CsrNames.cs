namespace Trapline.Machines.Assembly;

/// <summary>
/// Control and status registers by name: LoongArch Reference Manual volume 1, chapter 7, and WORK, a register of the
/// simulator that holds what is left of an interrupted <c>work</c>.
/// </summary>
internal static class CsrNames
{
    /// <summary>CSR numbers have 14 bits.</summary>
    public const int MaxNumber = 0x3FFF;

    private static readonly Dictionary<string, int> Numbers = Build();

    public static IEnumerable<string> All => Numbers.Keys;

    public static bool TryGet(string name, out int number) => Numbers.TryGetValue(name, out number);

    private static Dictionary<string, int> Build()
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["CRMD"] = 0x0,
            ["PRMD"] = 0x1,
            ["EUEN"] = 0x2,
            ["MISC"] = 0x3,
            ["ECFG"] = 0x4,
            ["ESTAT"] = 0x5,
            ["ERA"] = 0x6,
            ["BADV"] = 0x7,
            ["BADI"] = 0x8,
            ["EENTRY"] = 0xC,
            ["CPUID"] = 0x20,
            ["TID"] = 0x40,
            ["TCFG"] = 0x41,
            ["TVAL"] = 0x42,
            ["CNTC"] = 0x43,
            ["TICLR"] = 0x44,
            ["WORK"] = 0x3F0,
        };
        for (var i = 0; i < 8; i++)
        {
            numbers.Add($"SAVE{i}", 0x30 + i);
        }

        return numbers;
    }
}
