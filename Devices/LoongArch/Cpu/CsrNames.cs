namespace Trapline.Devices.LoongArch.Cpu;

/// <summary>Names of the control and status registers that exist here, as the manual spells them.</summary>
public static class CsrNames
{
    private static readonly (string Name, int Number)[] Table =
    [
        ("CRMD", Csr.Crmd),
        ("PRMD", Csr.Prmd),
        ("EUEN", Csr.Euen),
        ("MISC", Csr.Misc),
        ("ECFG", Csr.Ecfg),
        ("ESTAT", Csr.Estat),
        ("ERA", Csr.Era),
        ("BADV", Csr.Badv),
        ("BADI", Csr.Badi),
        ("EENTRY", Csr.Eentry),
        ("CPUID", Csr.CpuId),
        ("SAVE0", Csr.Save0),
        ("SAVE1", Csr.Save0 + 1),
        ("SAVE2", Csr.Save0 + 2),
        ("SAVE3", Csr.Save0 + 3),
        ("SAVE4", Csr.Save0 + 4),
        ("SAVE5", Csr.Save0 + 5),
        ("SAVE6", Csr.Save0 + 6),
        ("SAVE7", Csr.Save0 + 7),
        ("TID", Csr.Tid),
        ("TCFG", Csr.Tcfg),
        ("TVAL", Csr.Tval),
        ("CNTC", Csr.Cntc),
        ("TICLR", Csr.Ticlr),
        ("WORK", Csr.Work),
    ];

    public static IReadOnlyList<string> All { get; } = [.. Table.Select(row => row.Name)];

    /// <summary>The number of a register, by its name as the manual spells it.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out int number)
    {
        foreach (var row in Table)
        {
            if (name.Equals(row.Name, StringComparison.Ordinal))
            {
                number = row.Number;
                return true;
            }
        }

        number = -1;
        return false;
    }

    /// <summary>The name of a register, or null where there is none of that number.</summary>
    public static string? NameOf(int number)
    {
        foreach (var row in Table)
        {
            if (row.Number == number)
            {
                return row.Name;
            }
        }

        return null;
    }
}
