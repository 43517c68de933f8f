using Trapline.Machines.Scenarios;
using Xunit;

namespace Trapline.Cluster.Tests.Traces;

/// <summary>
/// Two vCPUs and all kinds of interrupts: a level device through PCH-PIC and EIOINTC, messages through PCH-MSI, the timer,
/// IPIs of which two are one interrupt, a software interrupt, a line that falls before it is taken.
/// </summary>
internal static class DeviceScenario
{
    private const string Guest = """
        .arch loongarch
        .const PIC   = 0x10000000
        .const LEVEL = 0x40020000
        .const BELL  = 0x2ff00000
        .align 4096
        handler:
            csr.write t0, SAVE0
            csr.write t1, SAVE1
            csr.write t2, SAVE2
            count taken
            csr.read t0, ESTAT
            and  t1, t0, 0x1
            beqz t1, .no_software
            li   t1, 0
            csr.write t1, ESTAT
        .no_software:
            and  t1, t0, 0x800
            beqz t1, .no_timer
            li   t1, 1
            csr.write t1, TICLR
        .no_timer:
            and  t1, t0, 0x1000
            beqz t1, .no_ipi
            li   t1, -1
            iocsr.write.w t1, [0x100c]
        .no_ipi:
            and  t1, t0, 0x4
            beqz t1, .no_device
            iocsr.read.d t1, [0x1800]
            iocsr.write.d t1, [0x1800]
            li   t2, LEVEL
            li   t1, 1
            mmio.write.w t1, [t2 + 0x20]
        .no_device:
            csr.read t2, SAVE2
            csr.read t1, SAVE1
            csr.read t0, SAVE0
            ertn
        start:
            la   t0, handler
            csr.write t0, EENTRY
            li   t0, 0x1805
            csr.write t0, ECFG
            cpu.index t0
            bnez t0, second
            li   t0, -1
            iocsr.write.d t0, [0x1600]        # ENABLE, vectors 0 to 63
            li   a0, PIC
            li   t0, ~(1 << 16)
            mmio.write.d t0, [a0 + 0x20]      # INT_MASK
            li   t0, 0x00010000               # IPI_SEND to CPU 1, vectors 0 and 1: one interrupt
            iocsr.write.w t0, [0x1040]
            li   t0, 0x00010001
            iocsr.write.w t0, [0x1040]
            li   t0, 4
            csr.write t0, CRMD
            li   a1, LEVEL
            li   t0, 20_000
            mmio.write.d t0, [a1 + 8]         # PERIOD
            li   t0, 3
            mmio.write.d t0, [a1 + 0x10]      # COUNT
            li   t0, 1
            mmio.write.w t0, [a1]
            li   t0, 0x1001
            csr.write t0, TCFG                # one shot
            work 40us
            li   t0, 1
            csr.write t0, ESTAT               # SWI0
            li   a2, BELL
            li   t0, 40
            mmio.write.w t0, [a2]             # a message: the vector
            work 1us
            li   t0, 0
            csr.write t0, CRMD
            li   t0, 4
            iocsr.write.w t0, [0x1008]        # SET and CLEAR of the own unit: raised, and gone untaken
            iocsr.write.w t0, [0x100c]
            li   t0, 4
            csr.write t0, CRMD
            work 60us
            iocsr.read.w t0, [0x1000]
            mark done, 7
            work 5us
            exit
        second:
            work 30us
            li   t0, 4
            csr.write t0, CRMD
        .again:
            idle
            b    .again
        """;

    private const string Scenario = """
        name: devices
        machine: {board: loongarch-virt, vcpus: 2}
        guest: {file: devices.guest}
        costs: 3c5000
        length: {until: 10ms, smoke: 500us}
        """;

    /// <summary>Writes its files into a folder and loads it.</summary>
    public static Scenario Load(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "costs"));
        File.Copy(Path.Combine(Runs.ScenarioFiles.Folder, "costs", "3c5000.yaml"), Path.Combine(folder, "costs", "3c5000.yaml"), overwrite: true);
        File.WriteAllText(Path.Combine(folder, "devices.guest"), Guest + "\n");
        var path = Path.Combine(folder, "devices.yaml");
        File.WriteAllText(path, Scenario + "\n");
        var loaded = ScenarioLoader.Load(path);
        Assert.Empty(loaded.Errors);
        return loaded.Scenario!;
    }
}
