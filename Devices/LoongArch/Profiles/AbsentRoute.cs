namespace Trapline.Devices.LoongArch.Profiles;

/// <summary>Row D9: where a vector goes whose COREMAP byte names a CPU that does not exist.</summary>
public enum AbsentRoute : byte
{
    /// <summary>Where it went before.</summary>
    Kept,

    /// <summary>Nowhere: the interrupt is lost.</summary>
    Nowhere,

    /// <summary>The number is taken for a vCPU's index, unchecked.</summary>
    NumberIsIndex,
}
