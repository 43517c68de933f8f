using Trapline.Devices.Common;

namespace Trapline.Devices.LoongArch.Profiles;

/// <summary>What <see cref="NarrowRead"/> means for each device.</summary>
public static class NarrowReads
{
    /// <summary>What a read of EIOINTC returns.</summary>
    /// <param name="rule">The profile's.</param>
    /// <param name="value">The bytes that were read, zeros above.</param>
    /// <param name="bytes">How many.</param>
    public static ulong OfEiointc(this NarrowRead rule, ulong value, int bytes) => rule switch
    {
        NarrowRead.SignExtended or NarrowRead.StaleUpperFromPic => BusValue.SignExtend(value, bytes),
        _ => value,
    };

    /// <summary>Whether a read of EIOINTC changes only the low bytes of its destination register: <see cref="BusValue.ReplaceLow"/>.</summary>
    public static bool LeavesUpperOfEiointc(this NarrowRead rule) => rule == NarrowRead.StaleUpper;

    /// <summary>What a read of the IPI unit returns.</summary>
    /// <param name="rule">The profile's.</param>
    /// <param name="register">The whole register.</param>
    /// <param name="bytes">How many were read.</param>
    public static ulong OfIpi(this NarrowRead rule, ulong register, int bytes) => rule switch
    {
        NarrowRead.SignExtended => BusValue.SignExtend(register, bytes),
        NarrowRead.ZeroExtended => BusValue.ReplaceLow(0, register, bytes),
        _ => register,
    };

    /// <summary>
    /// What a read of PCH-PIC returns. Where the upper bytes stay stale the device's code stores as much as it knows,
    /// whatever the width; what it does not store is 0 here.
    /// </summary>
    /// <param name="rule">The profile's.</param>
    /// <param name="value">What the device stores: the bytes that the access concerns, or more of them than were asked for.</param>
    /// <param name="bytes">How many were read.</param>
    public static ulong OfPchPic(this NarrowRead rule, ulong value, int bytes) => rule switch
    {
        NarrowRead.SignExtended => BusValue.SignExtend(value, bytes),
        NarrowRead.ZeroExtended => BusValue.ReplaceLow(0, value, bytes),
        _ => value,
    };

    /// <summary>Whether a read of PCH-PIC changes only the low bytes of its destination register: <see cref="BusValue.ReplaceLow"/>.</summary>
    public static bool LeavesUpperOfPchPic(this NarrowRead rule) => rule is NarrowRead.StaleUpper or NarrowRead.StaleUpperFromPic;

    /// <summary>What a read returns that user space answers: KVM completes it with its sign in all versions.</summary>
    /// <param name="rule">The profile's.</param>
    /// <param name="value">The whole register.</param>
    /// <param name="bytes">How many were read.</param>
    public static ulong OfUserSpace(this NarrowRead rule, ulong value, int bytes) =>
        rule == NarrowRead.ZeroExtended ? BusValue.ReplaceLow(0, value, bytes) : BusValue.SignExtend(value, bytes);
}
