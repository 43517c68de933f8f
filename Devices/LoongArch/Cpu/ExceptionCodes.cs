namespace Trapline.Devices.LoongArch.Cpu;

/// <summary>Values of ESTAT.Ecode (LoongArch reference manual, volume 1, table of exception codes).</summary>
public static class ExceptionCodes
{
    /// <summary>INT, an interrupt.</summary>
    public const int Int = 0x0;

    /// <summary>ADE, an address error; the subcode tells a fetch from a data access.</summary>
    public const int Ade = 0x8;

    /// <summary>Subcode of ADEF, address error of an instruction fetch.</summary>
    public const int AdefSubcode = 0;

    /// <summary>Subcode of ADEM, address error of a memory access.</summary>
    public const int AdemSubcode = 1;

    /// <summary>ALE, unaligned address.</summary>
    public const int Ale = 0x9;

    /// <summary>SYS, system call.</summary>
    public const int Sys = 0xB;

    /// <summary>BRK, breakpoint.</summary>
    public const int Brk = 0xC;

    /// <summary>INE, instruction non-existent.</summary>
    public const int Ine = 0xD;

    /// <summary>IPE, instruction privilege error.</summary>
    public const int Ipe = 0xE;

    /// <summary>The manual's abbreviation, or null for a code that nothing here raises.</summary>
    public static string? NameOf(int code, int subcode) => code switch
    {
        Int => "INT",
        Ade => subcode == AdemSubcode ? "ADEM" : "ADEF",
        Ale => "ALE",
        Sys => "SYS",
        Brk => "BRK",
        Ine => "INE",
        Ipe => "IPE",
        _ => null,
    };
}
