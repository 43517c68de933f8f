namespace Trapline.Devices.LoongArch;

/// <summary>The interrupt inputs of a LoongArch CPU: bit numbers in ESTAT.IS and ECFG.LIE, and KVM's interrupt numbers.</summary>
public static class CpuLines
{
    /// <summary>SWI0 and SWI1 are set and cleared by software.</summary>
    public const int Swi0 = 0;
    public const int Swi1 = 1;

    /// <summary>HWI0 to HWI7 come from the interrupt controllers of the board.</summary>
    public const int Hwi0 = 2;
    public const int Hwi7 = 9;

    /// <summary>Overflow of a performance counter.</summary>
    public const int Pmi = 10;

    /// <summary>The constant timer.</summary>
    public const int Timer = 11;

    /// <summary>The IPI unit.</summary>
    public const int Ipi = 12;

    public const int Count = 13;

    private static readonly string[] Names =
        ["SWI0", "SWI1", "HWI0", "HWI1", "HWI2", "HWI3", "HWI4", "HWI5", "HWI6", "HWI7", "PMI", "TI", "IPI"];

    /// <summary>The manual's name of a line below <see cref="Count"/>.</summary>
    public static string NameOf(int line) => Names[line];
}
