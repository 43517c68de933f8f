namespace Trapline.Devices.LoongArch.Eiointc;

/// <summary>The register files of EIOINTC.</summary>
internal enum EiointcRegion : byte
{
    /// <summary>No register.</summary>
    None,

    /// <summary>Stored, no effect.</summary>
    NodeType,

    /// <summary>Which input of a CPU 32 vectors go to.</summary>
    IpMap,

    Enable,

    /// <summary>Stored, no effect.</summary>
    Bounce,

    /// <summary>The latched inputs; only user space reaches them.</summary>
    InputLatch,

    /// <summary>What is pending at the accessing CPU.</summary>
    CoreStatus,

    /// <summary>Which CPU a vector goes to.</summary>
    CoreMap,
}
