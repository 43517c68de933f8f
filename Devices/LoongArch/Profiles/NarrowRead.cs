namespace Trapline.Devices.LoongArch.Profiles;

/// <summary>Defect F11: what a read of less than eight bytes leaves in its destination register.</summary>
public enum NarrowRead : byte
{
    /// <summary>The value, sign-extended from its width.</summary>
    SignExtended,

    /// <summary>The value, zero-extended.</summary>
    ZeroExtended,

    /// <summary>
    /// As <see cref="SignExtended"/> from EIOINTC, but PCH-PIC leaves the upper bytes stale, and the IPI unit extends with
    /// zeros: its STATUS and EN come with all their 32 bits, whatever the width.
    /// </summary>
    StaleUpperFromPic,

    /// <summary>As <see cref="StaleUpperFromPic"/>, and EIOINTC leaves the upper bytes stale too.</summary>
    StaleUpper,
}
