namespace Trapline.Devices.LoongArch.Profiles;

/// <summary>Row D14: on which pins a write to PCH-PIC acts.</summary>
public enum PinsPerWrite : byte
{
    /// <summary>All that it concerns, ascending.</summary>
    All,

    /// <summary>All, but a write to an upper word computes its pins in 32 bits: pins 0 to 31 are acted on in place of 32 to 63.</summary>
    LowHalf,

    /// <summary>The lowest one alone; the others wait for their next event.</summary>
    Lowest,
}
