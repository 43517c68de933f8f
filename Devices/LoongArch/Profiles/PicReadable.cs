namespace Trapline.Devices.LoongArch.Profiles;

/// <summary>Row D20: which of PCH-PIC's INT_IRR and INT_ISR the guest can read.</summary>
public enum PicReadable : byte
{
    /// <summary>Both, raw.</summary>
    Both,

    /// <summary>Neither: rejected.</summary>
    Neither,

    /// <summary>INT_ISR alone, without the masked pins.</summary>
    InServiceUnmasked,
}
