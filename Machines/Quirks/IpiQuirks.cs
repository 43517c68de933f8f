using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Machines.Quirks;

/// <summary>Bugs of the IPI unit and its SEND registers, and of accesses in general.</summary>
internal static class IpiQuirks
{
    public static IReadOnlyList<Quirk> All { get; } =
    [
        new(
            "ipi-set-refused", "D2", "F10, D2",
            "A write of the guest to the IPI unit's SET is refused.",
            "Linux 6.13", "Linux 6.18",
            "A CPU that interrupts itself by SET waits for ever.",
            "vector I19: STATUS")
        { Controllers = profile => profile with { IpiSetRejected = true } },
        new(
            "mail-send-by-bus", "F10", "F10",
            "MAIL_SEND goes over the bus of the target instead of into its mailbox.",
            "Linux 6.13", "Linux 6.18",
            "The statistics ipi_write_exits of the target, and ipi_read_exits where bytes are kept, count accesses that it did not make.",
            "boot-256: counter(\"ipi_write_exits\"), which is exits(\"ipi_write MAIL_SEND\") too many")
        { Controllers = profile => profile with { MailSendUsesBus = true } },
        new(
            "rejected-access-exits", "D5", "F18, D5",
            "An access that a device in the kernel refuses leaves for user space, which cannot handle it.",
            "Linux 6.13", "Linux 7.0",
            "An exit more; the access reads 0 and writes nothing in either case.",
            "exits of a run, section 1.5 of the specification")
        { Controllers = profile => profile with { RejectedAccessExits = true } },
        new(
            "unknown-target-exits", "D7", "D7",
            "MAIL_SEND and ANY_SEND to a CPU that does not exist leave for user space.",
            "Linux 6.13", "Linux 7.0",
            "An exit more.",
            "vector I9: outcome of the access")
        { Controllers = profile => profile with { UnknownTarget = UnknownTarget.MailAndAnyExit } },
        new(
            "unknown-target-crashes", "D7", "D7",
            "A SEND register that names a CPU that does not exist kills the emulator. Here the device refuses, and the run warns.",
            "QEMU 7.2", "later QEMU",
            "A warning of the run.",
            "the run's warnings")
        { Controllers = profile => profile with { UnknownTarget = UnknownTarget.Crash } },
        new(
            "any-send-row-of-cpu0", "D6", "D6",
            "ANY_SEND to COREISR acts on the row of CPU 0, whichever CPU it names.",
            "QEMU 7.2", "later QEMU",
            "The pending bit of the CPU that is named stays, and its line.",
            "vector I15: COREISR")
        { Controllers = profile => profile with { AnySendUsesRowOfCpu0 = true } },
    ];
}
