namespace Trapline.Devices.LoongArch.Profiles;

/// <summary>Row D11: what there is of EIOINTC's virtual extension.</summary>
public enum VirtualExtension : byte
{
    /// <summary>All of it.</summary>
    Full,

    /// <summary>INT_ENCODE can be switched on, but IPMAP is still read as bits.</summary>
    WithoutPinEncoding,

    /// <summary>Its registers read 0.</summary>
    Absent,
}
