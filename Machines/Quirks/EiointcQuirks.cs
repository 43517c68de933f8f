using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Machines.Quirks;

/// <summary>Bugs of EIOINTC and its attributes.</summary>
internal static class EiointcQuirks
{
    public static IReadOnlyList<Quirk> All { get; } =
    [
        new(
            "enable-index-reused", "F2", "F2",
            "A write of two, four or eight bytes of ENABLE that disables lowers vectors of its first byte alone, and may look at another register. The specification has the symptom from memory.",
            "Linux 6.13", "Linux 6.16",
            "A pending vector that is disabled stays pending, and the line high.",
            "COREISR after the write")
        { Controllers = profile => profile with { EiointcEnableIndexReused = true } },
        new(
            "cpu-count-unchecked", "F3", "F3",
            "The number of CPUs that user space gives EIOINTC is not checked (CVE-2025-38366).",
            "Linux 6.13", "Linux 6.16",
            "INIT_NUM_CPU of 257 succeeds, where it must be EINVAL.",
            "vectors A2 and A3")
        { Controllers = profile => profile with { EiointcCpuCountUnchecked = true } },
        new(
            "status-writable", "F4", "F4",
            "Number of CPUs and features can be changed through the software status after they were set.",
            "Linux 6.13", "Linux 6.16",
            "Reading them gives what was written last.",
            "vector A4")
        { Controllers = profile => profile with { EiointcStatusWritable = true } },
        new(
            "coremap-number-is-index", "D9", "F5, D9",
            "COREMAP's number is taken for the index of a vCPU, not for its physical id.",
            "Linux 6.13", "Linux 6.16",
            "Where ids are not the indices, interrupts go to other CPUs.",
            "vector E13: COREISR")
        { Controllers = profile => profile with { AbsentRoute = AbsentRoute.NumberIsIndex } },
        new(
            "coremap-absent-is-nowhere", "D9", "D9",
            "A vector whose COREMAP names a CPU that does not exist goes nowhere, instead of where it went before.",
            "QEMU 7.2", "later QEMU",
            "Its interrupts are lost.",
            "vector E13: COREISR")
        { Controllers = profile => profile with { AbsentRoute = AbsentRoute.Nowhere } },
        new(
            "misaligned-rounded", "F7", "F7",
            "A misaligned access to EIOINTC is rounded down instead of refused.",
            "Linux 6.13", "Linux 6.16",
            "It reads or writes a neighbour, where it must do nothing.",
            "vector E23: outcome of the access")
        { Controllers = profile => profile with { EiointcMisalignedRounded = true } },
        new(
            "coremap-empty-is-nobody", "D10", "F17, D10",
            "A COREMAP byte of 0 is the index -1 (CVE-2026-31569): here it names no CPU, and the vector goes where it went before.",
            "Linux 6.13", "Linux 7.0",
            "A vector that is moved back to CPU 0 by 0 stays.",
            "vector E12: COREISR")
        { Controllers = profile => profile with { EmptyRouteIsNobody = true } },
        new(
            "attribute-offset-scaled", "F16", "F16",
            "The attributes of EIOINTC's registers scale the offset twice: register n of an array is looked for at 8 n. What lies behind the array is other state in Linux; here it reads 0 and keeps nothing.",
            "Linux 6.19", "Linux 7.0",
            "State is wrong after a save and restore (Debian bug 1131431).",
            "get after set of any register but the first")
        { Controllers = profile => profile with { EiointcAttributeOffsetScaled = true } },
        new(
            "load-raw-coremap", "F20", "F20",
            "LOAD_FINISHED takes the raw COREMAP byte for a CPU id, also where it is a bitmap.",
            "Linux 6.13", "not mended",
            "After a restore a line drops while a vector is still pending.",
            "vector A10: lines")
        { Controllers = profile => profile with { EiointcLoad = EiointcLoad.RawByteIsCpuId } },
        new(
            "reroute-by-first-vector", "D8", "FQ2, D8",
            "Whether a changed COREMAP byte moves a pending vector is decided by the input of the first vector of its four.",
            "QEMU 7.2", "after QEMU 7.2",
            "A pending interrupt stays with the old CPU, and its line is stuck.",
            "vector E10: COREISR and lines")
        { Controllers = profile => profile with { RerouteDecidedByFirstVector = true } },
        new(
            "coreisr-of-cpu0", "FQ1", "FQ1",
            "COREISR reads as that of CPU 0 on every CPU.",
            "first QEMU", "QEMU 7.2",
            "Handlers of other CPUs find what is pending at CPU 0, do not acknowledge their own, and are entered again.",
            "msi-storm: interrupts(\"handled\") + interrupts(\"coalesced\") == interrupts(\"raised\")")
        { Controllers = profile => profile with { CoreStatusReadsRowOfCpu0 = true } },
        new(
            "coreisr-window", "FQ4", "FQ4",
            "COREISR's window goes on behind its end, over the rows of the next CPUs. Behind the last QEMU reads and writes whatever follows; here 0 and nothing.",
            "QEMU 7.2", "QEMU of mid-2025",
            "A CPU reads and acknowledges what is pending at others.",
            "COREISR of the next CPU")
        { Controllers = profile => profile with { CoreStatusWindowTooLarge = true } },
    ];
}
