namespace Trapline.Devices.LoongArch.Profiles;

/// <summary>Row D14: on which pins a write to PCH-PIC acts.</summary>
public enum PinsPerWrite : byte
{
    /// <summary>All that it concerns, ascending.</summary>
    All,

    /// <summary>All, but the upper word of INT_MASK computes its pins in 32 bits: pins 32 to 63 are not acted on.</summary>
    LowHalf,

    /// <summary>The lowest one alone; the others wait for their next event.</summary>
    Lowest,
}
