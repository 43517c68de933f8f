namespace Trapline.Devices.Arm;

/// <summary>Ranges of INTIDs (spec gicv3-its 1.1).</summary>
public static class InterruptIds
{
    public const int SgiCount = 16;
    public const int FirstPpi = 16;

    /// <summary>SGIs and PPIs: a set for each vCPU.</summary>
    public const int PrivateCount = 32;

    public const int FirstSpi = 32;

    /// <summary>1020 to 1023 are special; what is acknowledged where nothing is to be had is 1023.</summary>
    public const int FirstSpecial = 1020;
    public const int Spurious = 1023;

    public const int FirstLpi = 8192;

    /// <summary>One above the greatest LPI: 16 bits.</summary>
    public const int LpiEnd = 65536;

    public const int LpiCount = LpiEnd - FirstLpi;

    /// <summary>Of the distributor at most: 992 in practice, for 1024 is not allowed.</summary>
    public const int MaximumDistributed = 992;

    public static bool IsSgi(int interruptId) => (uint)interruptId < SgiCount;

    public static bool IsPrivate(int interruptId) => (uint)interruptId < PrivateCount;

    public static bool IsSpi(int interruptId) => interruptId is >= FirstSpi and < FirstSpecial;

    public static bool IsLpi(int interruptId) => interruptId is >= FirstLpi and < LpiEnd;
}
