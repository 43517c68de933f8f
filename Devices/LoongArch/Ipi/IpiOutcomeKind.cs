namespace Trapline.Devices.LoongArch.Ipi;

/// <summary>What a write to an IPI unit leaves to be done elsewhere.</summary>
public enum IpiOutcomeKind : byte
{
    /// <summary>Nothing.</summary>
    Done,

    /// <summary>Call <see cref="IpiUnit.Set"/> on the target's unit.</summary>
    SetStatus,

    /// <summary>
    /// Call <see cref="IpiUnit.MaskedWrite"/> on the target's unit; a bus access to another device goes to that device, in
    /// the target's name.
    /// </summary>
    MaskedWrite,
}
