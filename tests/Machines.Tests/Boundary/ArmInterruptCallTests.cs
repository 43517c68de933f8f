using Trapline.Actors.Devices;
using Trapline.Actors.Statistics;
using Trapline.Actors.Vcpus;
using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Vm;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Xunit;

namespace Trapline.Machines.Tests.Boundary;

/// <summary>The interrupt ioctls of an ARM machine, down to a guest that has set up its GIC and its ITS.</summary>
public sealed class ArmInterruptCallTests
{
    private const ulong Translater = 0x0809_0040;
    private const int Eventfd = 3;
    private const int Resample = 4;

    /// <summary>Enables PPI 23 and SGI 3, sets both pending by GICR_ISPENDR0, takes them, and then what comes.</summary>
    private const string Ppis = """
        .include "arm/arm64.inc.guest"
        start:
            li   t0, 0xf0
            sysreg.write t0, ICC_PMR_EL1
            li   t0, 1
            sysreg.write t0, ICC_IGRPEN1_EL1
            li   t1, 0x08000000
            li   t0, 2
            mmio.write.w t0, [t1]
            li   t1, 0x080b0000
            li   t0, 0x800008
            mmio.write.w t0, [t1 + 0x100]
            mmio.write.w t0, [t1 + 0x200]
            li   t2, 1020
        .rest:
            wfi
            sysreg.read t0, ICC_IAR1_EL1
            bge  t0, t2, .rest
            count taken
            sysreg.write t0, ICC_EOIR1_EL1
            b    .rest
        """;

    /// <summary>One vCPU looks at the active state while the two others work, which takes them longer than that.</summary>
    private const string Active = """
        .include "arm/arm64.inc.guest"
        .include "arm/psci.inc.guest"
        start:
            li   a0, 1
            la   a1, busy
            call psci_cpu_on
            li   a0, 2
            la   a1, busy
            call psci_cpu_on
            work 30us
            li   t1, 0x08000000
            mmio.read.w t0, [t1 + 0x304]
            work 30us
            mmio.write.w t0, [t1 + 0x388]
            work 30us
            mmio.read.w t0, [t1 + 0x300]
            mmio.read.w t0, [t1 + 0x324]
            mmio.read.w t0, [t1 + 0x37c]
            mmio.read.w t0, [t1 + 0x104]
            b    rest
        busy:
            work 300us
        rest:
            wfi
            b    rest
        """;

    /// <summary>SPI 72.</summary>
    private const ulong LevelGsi = 40;

    [Fact]
    public void A_message_is_delivered_blocked_or_refused()
    {
        using var bench = Ready();
        Assert.Equal(1, bench.Signal(Message()));
        Settle(bench);
        Assert.Equal(1, bench.Counter("messages"));
        Assert.Equal(0, bench.Signal(Message() with { Data = 63 }));
        Assert.Equal(0, bench.Signal(Message() with { DeviceId = 9 }));
        Assert.Equal(Errno.InvalidArgument, bench.Signal(Message() with { Flags = 2 }));
        Assert.Equal(Errno.InvalidArgument, bench.Signal(Message() with { Flags = 0x1_0001 }));
        Assert.Equal(Errno.InvalidArgument, bench.Signal(Message() with { Address = 0x0900_0000 }));
        Assert.Equal(1, bench.Signal(Message() with { Flags = 0 }));
        Settle(bench);
        Assert.Equal(2, bench.Counter("messages"));
    }

    [Fact]
    public void A_message_to_an_its_that_is_off_is_busy()
    {
        using var bench = new ArmBoundaryBench();
        Assert.Equal(Errno.Busy, bench.Signal(Message()));
    }

    [Fact]
    public void An_irqfd_whose_route_is_a_message_has_its_sender()
    {
        using var bench = Ready();
        Assert.Equal(0, bench.Route(GsiRoute.ToMessage(300, Message())));
        Assert.Equal(0, bench.Vm(KvmIoctl.Irqfd, Eventfd, 300).Result);
        bench.WriteEventfd(Eventfd);
        Settle(bench);
        bench.WriteEventfd(Eventfd);
        Settle(bench);
        Assert.Equal(2, bench.Counter("messages"));

        // Another sender has no such event; its message is blocked.
        Assert.Equal(0, bench.Route(GsiRoute.ToMessage(300, Message() with { DeviceId = 9 })));
        bench.WriteEventfd(Eventfd);
        Settle(bench);
        Assert.Equal(2, bench.Counter("messages"));
        Assert.Equal(Errno.InvalidArgument, bench.Route(GsiRoute.ToMessage(300, Message() with { Flags = 2 })));
    }

    [Fact]
    public void A_level_comes_again_while_its_line_is_high()
    {
        using var bench = Ready();
        var line = IrqLine.Spi(72).Encoded;
        Assert.Equal(0, bench.Vm(KvmIoctl.IrqLine, line, 1).Result);
        Settle(bench);
        Assert.True(bench.Counter("levels") > 1);
        Assert.Equal(0, bench.Vm(KvmIoctl.IrqLine, line, 0).Result);
        Settle(bench);
        var count = bench.Counter("levels");
        Settle(bench);
        Assert.Equal(count, bench.Counter("levels"));
        Assert.Equal(Errno.InvalidArgument, bench.Vm(KvmIoctl.IrqLine, IrqLine.Spi(288).Encoded, 1).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.IrqLine, IrqLine.Ppi(2, 23).Encoded, 1).Result);
        Assert.Equal(Errno.InvalidArgument, bench.Vm(KvmIoctl.IrqLine, IrqLine.Ppi(3, 23).Encoded, 1).Result);
    }

    [Fact]
    public void A_resampled_irqfd_is_one_interrupt_and_user_space_hears_of_its_end()
    {
        using var bench = Ready();
        Assert.Equal(Errno.BadFile, bench.Vm(KvmIoctl.Irqfd, Eventfd, LevelGsi, 1000, upper: InterruptRouting.IrqfdResample).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.Irqfd, Eventfd, LevelGsi, Resample, upper: InterruptRouting.IrqfdResample).Result);
        for (var raised = 1; raised <= 2; raised++)
        {
            bench.WriteEventfd(Eventfd);
            Settle(bench);
            Assert.Equal(raised, bench.Counter("levels"));
            Assert.Equal((ulong)raised, bench.State().Single(row => row.Key == $"eventfd{Resample}.count").Value);
        }
    }

    [Fact]
    public void A_ppi_reaches_its_vcpu()
    {
        using var bench = Ready();
        Assert.Equal(0, bench.Vm(KvmIoctl.IrqLine, IrqLine.Ppi(1, 23).Encoded, 1).Result);
        Assert.Equal([false, true, false], Enumerable.Range(0, 3).Select(vcpu => new GicCpuUapi(bench[vcpu].Cpu.Gic).GetLineLevels() == 1u << 23));
    }

    /// <summary>Neither is the CPU's timer: what user space drives is of the class that it says, what a guest writes to ISPENDR0 the controller's.</summary>
    [Fact]
    public void A_ppi_that_is_driven_and_one_that_is_written_count_as_what_they_are()
    {
        using var bench = new ArmBoundaryBench(Ppis);
        bench.Wait();
        Assert.Equal(2, bench.Counter("taken"));
        Assert.Equal((null, 2L), (Count(bench, LatencyPaths.Timer), Count(bench, LatencyPaths.Of(InterruptSource.Controller))));
        Assert.Equal(0, bench.Vm(KvmIoctl.IrqLine, IrqLine.Ppi(0, 23).Encoded, 1 | ((ulong)InterruptSource.Uart << 8), 1).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.IrqLine, IrqLine.Ppi(0, 23).Encoded, 0).Result);
        Settle(bench);
        Assert.True(bench.Counter("taken") > 2);
        Assert.Equal((null, 2L), (Count(bench, LatencyPaths.Timer), Count(bench, LatencyPaths.Of(InterruptSource.Controller))));
        Assert.Equal(1, Count(bench, LatencyPaths.Of(InterruptSource.Uart)));
    }

    /// <summary>KVM halts the guest for the active state of SPIs, and for no other register, and not for INTIDs that the distributor does not have.</summary>
    [Fact]
    public void The_active_state_of_SPIs_takes_all_other_vcpus_out_of_the_guest()
    {
        using var bench = new ArmBoundaryBench(Active);
        bench.Wait(1_000_000);
        Assert.Equal([0L, 2L, 2L], Enumerable.Range(0, 3).Select(vcpu => Exits(bench, vcpu, "int")));
        Assert.Equal((4L, 1L), (Exits(bench, 0, "mmio_read GICD_ISACTIVER"), Exits(bench, 0, "mmio_write GICD_ICACTIVER")));
    }

    private static long Exits(ArmBoundaryBench bench, int vcpu, string reason) =>
        bench[vcpu].Statistics.Exits.Rows().Where(row => row.Reason == ExitReasons.Find(reason)).Sum(row => row.Row.Count);

    private static long? Count(ArmBoundaryBench bench, int path) => bench[0].Statistics.Latencies[path]?.Count;

    private static KvmMessage Message() => new(0, Translater, 8, KvmMessage.ValidDeviceId);

    private static ArmBoundaryBench Ready()
    {
        var bench = new ArmBoundaryBench(ArmBoundaryBench.Driver);
        bench.Wait(20_000_000);
        Assert.Equal(VcpuPhase.Blocked, bench[0].Phase);
        return bench;
    }

    /// <summary>What was raised has been handled, and the guest sleeps.</summary>
    private static void Settle(ArmBoundaryBench bench) => bench.Wait(300_000);
}
