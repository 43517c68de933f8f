using Trapline.Devices.LoongArch.Eiointc;

namespace Trapline.Devices.LoongArch.Transfer;

/// <summary>
/// All that is lost on the way through KVM's attributes and one-registers, device by device. What is not named here comes
/// through: tests hold every random state against the table.
/// </summary>
public static class UapiLosses
{
    public const string Ipi = "ipi";
    public const string Eiointc = "eiointc";
    public const string PchPic = "pch-pic";
    public const string Cpu = "vcpu";
    public const string Routing = "routing";

    public static IReadOnlyList<UapiLoss> All { get; } =
    [
        new("ipi-statistics", Ipi, "Counters of exits: they are the host's.", "loongarch-irqchip 8.1", "ipi_read_exits", "ipi_write_exits"),
        new("eiointc-statistics", Eiointc, "Counters of exits: they are the host's.", "loongarch-irqchip 8.1", "eiointc_read_exits[*]", "eiointc_write_exits[*]"),
        new(
            "route-not-in-coremap", Eiointc,
            "A route that COREMAP does not say, or says no more: for an absent CPU, from an encoding or an id that changed since.",
            "loongarch-irqchip 3.2, 7.3 step 2", "route[*]"),
        new(
            "active-recomputed", Eiointc,
            "Which vectors hold a line up, where that is not what COREISR and IPMAP say together: a line that a change of IPMAP left high.",
            "loongarch-irqchip 3.3 point 6, 7.3 step 1", "cpu[*].HWI[*].active64[*]"),
        new(
            "active-by-raw-coremap", Eiointc,
            "Which vectors hold a line up, wherever the raw COREMAP byte is not the CPU's id: the line drops too early.",
            "loongarch-irqchip 7.3 step 1, F20", "cpu[*].HWI[*].active64[*]")
        {
            When = "quirk `load-raw-coremap`",
            Occurs = profile => profile.EiointcLoad == EiointcLoad.RawByteIsCpuId,
        },
        new(
            "coreisr-beyond-num-cpu", Eiointc, "COREISR of vCPUs that NUM_CPU does not count: the attribute is EINVAL.", "loongarch-irqchip 7.2",
            "cpu[*].COREISR64[*]")
        {
            When = "NUM_CPU is checked: not in `kvm-6.13`",
            Occurs = profile => !profile.EiointcCpuCountUnchecked,
        },
        new(
            "attribute-offset-scaled", Eiointc, "All but the first register of each array: the attribute looks elsewhere.", "loongarch-irqchip 7.2, F16",
            "NODETYPE[*]", "IPMAP[*]", "ENABLE64[*]", "BOUNCE64[*]", "ISR64[*]", "COREMAP[*]", "cpu[*].COREISR64[*]")
        {
            When = "quirk `attribute-offset-scaled`",
            Occurs = profile => profile.EiointcAttributeOffsetScaled,
        },
        new(
            "pin-levels", PchPic, "The level that each pin was last driven to. KVM has no edge detector that would look at it.", "loongarch-irqchip 4.2, 9",
            "levels"),
        new(
            "queued-lines", Cpu, "Line changes that wait for the next guest entry: reading ESTAT flushes them into ESTAT and GINTC.", "loongarch-irqchip 7.4, 9",
            "interrupts.pend", "interrupts.clr", "interrupts.ESTAT", "interrupts.GINTC.VIP"),
        new(
            "timer-expiry", Cpu, "When the timer runs out, and with it the fraction of a tick: it stands still until the first entry, with TVAL in whole ticks.",
            "loongarch-irqchip 6, 9", "timer.phase", "timer.stopped at", "timer.zero at"),
        new(
            "timer-caught-up", Cpu, "An expiry that nobody was told of yet: reading the timer makes it happen, TI and all.", "loongarch-irqchip 6",
            "interrupts.ESTAT"),
        new(
            "work-in-progress", Cpu, "What is left of a `work` instruction: this simulator's, it goes with the program counter.", "guest language",
            "interrupts.work remaining"),
        new("steal-time-progress", Cpu, "How far steal time was accounted, and that an update is due: registering the record begins anew.", "loongarch-pv-ipi 4.4, 7",
            "steal time last", "steal time wanted"),
        new("eventfd-count", Routing, "What an eventfd holds. One that is set injects when it is assigned again.", "loongarch-irqchip 9", "count"),
    ];

    /// <summary>The losses of a device under a profile.</summary>
    public static IEnumerable<UapiLoss> Of(string device, Profiles.LoongArchProfile profile) =>
        All.Where(loss => loss.Device == device && loss.Occurs(profile));
}
