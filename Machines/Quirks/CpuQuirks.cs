using Trapline.Devices.LoongArch.Profiles;
using Trapline.Devices.LoongArch.Timer;

namespace Trapline.Machines.Quirks;

/// <summary>Bugs of the CPU side: destination registers, the timer after a restore, how many CPUs there can be.</summary>
internal static class CpuQuirks
{
    public static IReadOnlyList<Quirk> All { get; } =
    [
        new(
            "stale-upper-bytes", "F11", "F11",
            "A read of less than eight bytes that the kernel answers leaves the upper bytes of its destination register as they were.",
            "Linux 6.13", "Linux 6.18",
            "A guest that tests the whole register sees bits of its last value.",
            "the destination register")
        { Controllers = profile => profile with { NarrowRead = NarrowRead.StaleUpper } },
        new(
            "vcpus-255", "D24", "F13, D24",
            "A VM with 256 vCPUs is refused.",
            "Linux 6.13", "Linux 6.18",
            "INIT_NUM_CPU of 256 is EINVAL; the machine cannot be built.",
            "boot-256: an error of the scenario")
        { Controllers = profile => profile with { MaximumVcpus = Math.Min(profile.MaximumVcpus, 255) } },
        new(
            "timer-restore-fires", "S6", "section 6",
            "A timer that user space restores fires at once, for its expiry time is not transferred; a periodic one gets a new phase. (Inferred from the source.)",
            "Linux", "not mended",
            "An early tick after a restore.",
            "vector C10: ESTAT")
        { Controllers = profile => profile with { TimerRestore = TimerRestore.FiresAtOnce } },
        new(
            "timer-expired-fires-again", "S6", "F14",
            "A one-shot timer that ran out before it was saved runs out again after the restore, for KVM cleared the TI too early. (The specification has it from memory.)",
            "Linux", "Linux 6.18",
            "A spurious TI after a restore.",
            "vector C11: ESTAT")
        { Controllers = profile => profile with { TimerRestore = TimerRestore.ExpiredFiresAgain } },
    ];
}
