namespace Trapline.Devices.LoongArch.Cpu;

/// <summary>Numbers of the control and status registers (LoongArch reference manual, volume 1, chapter 7).</summary>
public static class Csr
{
    /// <summary>CSR numbers have 14 bits.</summary>
    public const int MaxNumber = 0x3FFF;

    public const int Crmd = 0x0;
    public const int Prmd = 0x1;
    public const int Euen = 0x2;
    public const int Misc = 0x3;
    public const int Ecfg = 0x4;
    public const int Estat = 0x5;
    public const int Era = 0x6;
    public const int Badv = 0x7;
    public const int Badi = 0x8;
    public const int Eentry = 0xC;
    public const int CpuId = 0x20;
    public const int Save0 = 0x30;
    public const int SaveCount = 8;
    public const int Tid = 0x40;
    public const int Tcfg = 0x41;
    public const int Tval = 0x42;
    public const int Cntc = 0x43;
    public const int Ticlr = 0x44;

    /// <summary>
    /// Of this simulator, in a range that the manual leaves to implementations: the rest, in picoseconds, of the
    /// <c>work</c> instruction that an interrupt or fault broke off. A handler that lets itself be interrupted saves it
    /// as it saves ERA and PRMD.
    /// </summary>
    public const int Work = 0x3F0;
}
