namespace Trapline.Devices.LoongArch.Profiles;

/// <summary>Row D17: PCH-PIC's INT_MASK, HTMSI_VECTOR and ROUTE_ENTRY after reset.</summary>
public enum PicReset : byte
{
    /// <summary>All masked; vector n at pin n and route 1 for pins 0 to 31.</summary>
    MaskedPinVectors,

    /// <summary>Nothing masked, all vectors 0, routes 1.</summary>
    Unmasked,

    /// <summary>All masked, all vectors 0, routes 1.</summary>
    Masked,
}
