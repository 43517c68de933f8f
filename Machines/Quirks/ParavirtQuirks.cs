using Trapline.Devices.LoongArch.Paravirt;

namespace Trapline.Machines.Quirks;

/// <summary>Bugs of KVM's paravirtual interface: of the patch series of 2024 and of what was merged first.</summary>
internal static class ParavirtQuirks
{
    public static IReadOnlyList<Quirk> All { get; } =
    [
        new(
            "second-bitmap", "second bitmap", "V5",
            "The base of a paravirtual IPI is not advanced for the second word of the bitmap: its bits name the CPUs of the first again.",
            "series v5", "series v6",
            "A VM with more than 64 vCPUs loses multicasts to the upper half of each window of 128, and does not boot.",
            "boot-256: endReason == \"exit\"")
        { Paravirt = profile => profile with { SecondBitmap = SecondBitmap.Repeats } },
        new(
            "bitmap-unread", "second bitmap", "V7",
            "The bitmap is read into the base, and a bitmap that nobody has set is gone through. What was in it is undefined; here it is empty.",
            "series v7", "series v8",
            "No paravirtual IPI arrives.",
            "boot-256: endReason == \"exit\"")
        { Paravirt = profile => profile with { SecondBitmap = SecondBitmap.Unread } },
        new(
            "id-map-wrong-register", "id map", "V6, V8",
            "The map of physical ids takes ESTAT for the id that a vCPU has already, which is 0 before its first run.",
            "series v6", "first merged",
            "A vCPU that has an id gets a second one, and a second vCPU that asks for 0 is told that it has it, where both are EINVAL.",
            "vectors of the id map, section 8.6 of the specification")
        { Paravirt = profile => profile with { MapReadsWrongRegister = true } },
        new(
            "ipi-feature-not-enforced", "features enforced", "section 9",
            "The hypercall for an IPI works also where user space has switched its feature off.",
            "series v5", "after the first merge",
            "The hypercall returns 0 and interrupts, where it must return -1.",
            "vectors of the feature control, section 8.7 of the specification")
        { Paravirt = profile => profile with { FeaturesAreEnforced = false } },
        new(
            "unknown-notify-succeeds", "notify", "section 9",
            "NOTIFY of something else than steal time succeeds and does nothing.",
            "first merged", "after the first merge",
            "The hypercall returns 0, where it must return -1.",
            "vectors of the dispatch, section 8.2 of the specification")
        { Paravirt = profile => profile with { RefusesOtherNotifications = false } },
        new(
            "stuck-message-word", "offered IPI", "section 3.6",
            "The hypercall for an IPI is refused although the feature word offers it. Linux does not do so by itself: a guest meets it that was moved, with the features it has read, to a host without them.",
            "-", "-",
            "Guests ignore the result, so the message word of the target stays set, and no later IPI to it is even tried.",
            "boot-256: endReason == \"exit\"")
        { Paravirt = profile => profile with { RefusesOfferedIpi = true } },
    ];
}
