using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Machines.Quirks;

/// <summary>Bugs of PCH-PIC.</summary>
internal static class PchPicQuirks
{
    public static IReadOnlyList<Quirk> All { get; } =
    [
        new(
            "mask-withdraws", "D12", "FQ3, D12",
            "Masking an asserted pin takes its interrupt back.",
            "QEMU 7.2", "QEMU of 2025",
            "COREISR and the line drop at the write.",
            "vector P5")
        { Controllers = profile => profile with { PicMaskWithdraws = true } },
        new(
            "falling-edge-withdraws", "D13", "FQ3, D13",
            "The falling edge of an edge-triggered pin takes its interrupt back.",
            "QEMU 7.2", "QEMU of 2025",
            "A pulse is lost unless the CPU was faster.",
            "vector P9")
        { Controllers = profile => profile with { PicFallingEdgeWithdraws = true } },
        new(
            "upper-half-not-unmasked", "D14", "F12, D14",
            "A write to the upper word of MASK acts on pins 0 to 31.",
            "Linux 6.13", "Linux 6.18",
            "An interrupt of a pin from 32 on that waited for its unmasking never comes.",
            "vector P19: COREISR")
        { Controllers = profile => profile with { PicPinsPerWrite = PinsPerWrite.LowHalf } },
        new(
            "lowest-pin-only", "D14", "D14",
            "Of several pins that one write concerns, only the lowest is acted on.",
            "QEMU", "not mended",
            "The others wait for their next event.",
            "vector P8: COREISR")
        { Controllers = profile => profile with { PicPinsPerWrite = PinsPerWrite.Lowest } },
        new(
            "clear-drops-level-pins", "D15", "D15",
            "CLEAR drops requests of level-triggered pins too, if it names an edge-triggered one.",
            "QEMU", "not mended",
            "A level-triggered interrupt is lost though its pin is high.",
            "vector P13: IRR")
        { Controllers = profile => profile with { PicClearTouchesLevelPins = true } },
        new(
            "unmasked-after-reset", "D17", "F12, D17",
            "After reset no pin is masked, and all have vector 0.",
            "Linux 6.13", "Linux 6.18",
            "A device that raises its pin before a driver is there interrupts as vector 0.",
            "MASK after reset")
        { Controllers = profile => profile with { PicReset = PicReset.Unmasked } },
        new(
            "pic-status-unreadable", "D20", "F12, D20",
            "INT_IRR and INT_ISR cannot be read.",
            "Linux 6.13", "Linux 6.18",
            "They read 0, or leave for user space where rejected accesses do.",
            "vector P3: INT_IRR")
        { Controllers = profile => profile with { PicReadable = PicReadable.Neither } },
        new(
            "pic-fixed-widths", "D21", "F12, D21",
            "Registers of pins take four bytes whatever the width of the access, tables one byte.",
            "Linux 6.13", "Linux 6.18",
            "Eight bytes written to MASK change its lower half alone.",
            "MASK after the write")
        { Controllers = profile => profile with { PicWidths = PicWidths.Fixed } },
        new(
            "int-id-repeats", "F12", "F12",
            "A read of INT_ID at +4 gives the word at +0.",
            "Linux 6.13", "Linux 6.18",
            "A driver finds another number of pins.",
            "INT_ID at +4")
        { Controllers = profile => profile with { PicIdWordRepeats = true } },
        new(
            "route-and-polarity-constant", "S4.1", "section 4.1",
            "ROUTE_ENTRY reads 1 and POLARITY 0, whatever was stored.",
            "Linux 6.13", "Linux 6.18",
            "What a driver wrote does not read back.",
            "POLARITY after the write")
        { Controllers = profile => profile with { PicRouteAndPolarityConstant = true } },
    ];
}
