using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Vm;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;

namespace Trapline.Devices.Tests.Arm;

/// <summary>The vectors of the interrupt ioctls of an ARM VM: KVM_IRQ_LINE, KVM_SIGNAL_MSI, routes and irqfds (spec gicv3-its 1.7, 8.1).</summary>
public sealed class VmInterruptVectorTests
{
    [Theory]
    [InlineData(0x1000_001FU, Errno.NoSuchAddress, "a line of CPU 256 itself")]
    [InlineData(0x0100_001FU, Errno.InvalidArgument, "SPI 31")]
    [InlineData(0x0100_0120U, Errno.InvalidArgument, "SPI nr_irqs")]
    [InlineData(0x0100_03FCU, Errno.InvalidArgument, "SPI 1020")]
    [InlineData(0x0200_000FU, Errno.InvalidArgument, "PPI 15")]
    [InlineData(0x0200_0020U, Errno.InvalidArgument, "PPI 32")]
    [InlineData(0x0204_0017U, Errno.InvalidArgument, "PPI of vCPU 4")]
    [InlineData(0x1200_0017U, Errno.InvalidArgument, "PPI of vCPU 256")]
    [InlineData(0x0300_0020U, Errno.InvalidArgument, "type 3")]
    [InlineData(0x0000_0000U, Errno.NoSuchAddress, "IRQ of a CPU")]
    [InlineData(0x0100_0028U, 0, "SPI 40")]
    [InlineData(0x0203_0017U, 0, "PPI 23 of vCPU 3")]
    public void V_S13_lines_that_there_are_and_are_not(uint line, int result, string what) =>
        Assert.Equal((what, result), (what, VmBench.Standard().Vm.IrqLine(line, level: true)));

    [Fact]
    public void V_S13_without_a_gic_and_before_its_initialisation()
    {
        var bench = new VmBench(0);
        var line = IrqLine.Spi(40).Encoded;
        Assert.Equal(Errno.NoSuchAddress, bench.Vm.IrqLine(line, true));
        Assert.Equal(0, bench.Create(KvmDeviceType.GicV3));
        Assert.Equal(Errno.Busy, bench.Vm.IrqLine(line, true));
        Assert.Equal(Errno.InvalidArgument, bench.Vm.IrqLine(IrqLine.Spi(31).Encoded, true));
        Assert.Equal(0, bench.Initialize());
        Assert.Equal(0, bench.Vm.IrqLine(line, true));
    }

    [Fact]
    public void A_line_is_encoded_as_it_is_decoded()
    {
        Assert.Equal(0x0100_0028U, IrqLine.Spi(40).Encoded);
        Assert.Equal(0x1207_0017U, IrqLine.Ppi(263, 23).Encoded);
        Assert.Equal(IrqLine.Ppi(511, 31), IrqLine.Decode(IrqLine.Ppi(511, 31).Encoded));
    }

    [Fact]
    public void V_S14_an_edge_is_a_latch()
    {
        var bench = VmBench.Standard();
        bench.Guest.Spi40();
        bench.Guest.WriteD(0xC08, 0x20000);
        Drive(bench, true);
        Assert.Equal(40, bench.Guest.Acknowledge(1));
        bench.Guest.End(1, 40);
        Drive(bench, true);
        Drive(bench, false);
        Assert.Equal([40], bench.Guest.Deliver(1));
        Assert.Empty(bench.Guest.Deliver(1));
    }

    [Fact]
    public void V_S15_levels_of_lines()
    {
        var bench = VmBench.Standard();
        bench.Guest.Spi40();
        Assert.Equal(0, bench.Set(GicAttributes.LevelInfo, 32, 0x100));
        Assert.Equal(40, bench.Guest.Highest(1));
        Assert.Equal((0, 0x100UL), (bench.Get(GicAttributes.LevelInfo, 32, out var value), value));
        Assert.Equal(Errno.InvalidArgument, bench.Get(GicAttributes.LevelInfo, 33, out _));
        Assert.Equal(Errno.InvalidArgument, bench.Get(GicAttributes.LevelInfo, (1 << 10) | 32, out _));
    }

    [Fact]
    public void V_S16_V_S17_what_user_space_reads_as_pending_is_the_latch()
    {
        var bench = VmBench.Standard();
        bench.Guest.Spi40();
        Drive(bench, true);
        Assert.Equal((0, 0UL), (bench.Get(GicAttributes.DistributorRegisters, 0x204, out var value), value));
        Assert.Equal(0x100UL, bench.Guest.ReadD(0x204));
        Assert.Equal(0, bench.Set(GicAttributes.DistributorRegisters, 0x204, 0x100));
        Assert.Equal((0, 0x100UL), (bench.Get(GicAttributes.DistributorRegisters, 0x204, out value), value));
        Assert.Equal(0, bench.Set(GicAttributes.DistributorRegisters, 0x204, 0x200));
        Assert.Equal((0, 0x200UL), (bench.Get(GicAttributes.DistributorRegisters, 0x204, out value), value));
    }

    [Fact]
    public void V_K01_V_K02_V_K05_V_K07_results_of_KVM_SIGNAL_MSI()
    {
        var bench = Mapped();
        Assert.Equal(Errno.InvalidArgument, bench.Vm.SignalMessage(VmBench.Message(20, flags: 0)));
        Assert.Equal(1, bench.Vm.SignalMessage(VmBench.Message(20)));
        Assert.Equal([8195], bench.Guest.Deliver(3));
        Assert.Equal(0, bench.Vm.SignalMessage(VmBench.Message(21)));
        Assert.Equal(1, bench.Vm.SignalMessage(VmBench.Message(20, flags: 0)));
        Assert.Equal(Errno.InvalidArgument, bench.Vm.SignalMessage(VmBench.Message(20, flags: 2)));
        Assert.Equal(Errno.InvalidArgument, bench.Vm.SignalMessage(VmBench.Message(20, flags: 3)));
    }

    [Fact]
    public void V_K08_without_an_its_and_without_a_gic()
    {
        Assert.Equal(Errno.NoSuchDevice, VmBench.Standard(hasIts: false).Vm.SignalMessage(VmBench.Message(20)));
        Assert.Equal(Errno.InvalidArgument, VmBench.Standard(hasIts: false).Vm.SignalMessage(VmBench.Message(20, flags: 2)));
        Assert.Equal(Errno.InvalidArgument, new VmBench(0).Vm.SignalMessage(VmBench.Message(20)));
    }

    [Fact]
    public void V_K14_an_irqfd_with_a_route_to_an_its()
    {
        var bench = Mapped();
        var routing = bench.Vm.Routing;
        Assert.Equal(Errno.InvalidArgument, routing.SetRouting([GsiRoute.ToMessage(5, VmBench.Message(20, flags: 2))], 0));
        Assert.Equal(0, routing.SetRouting([GsiRoute.ToMessage(5, VmBench.Message(20))], 0));
        Assert.Equal(0, bench.Vm.AssignIrqfd(7, 5, 0, -1));
        var eventfd = new Eventfd(bench, RoutingRules.Arm);
        eventfd.Attach(routing.RouteOf(7));
        for (var write = 0; write < 2; write++)
        {
            Assert.Equal(0, eventfd.Write(3));
            Assert.Equal([8195], bench.Guest.Deliver(3));
        }
    }

    [Fact]
    public void V_K16_every_message_is_delivered_or_joins_one_that_waits()
    {
        var bench = Mapped();
        for (var number = 0; number < 32; number++)
        {
            Assert.Equal(0, bench.Guest.MapEvent(number < 16 ? 2 : 7, number % 16, 8200 + number, 2 + (number % 2)));
        }

        var seen = new int[32];
        var draw = new Random(16);
        for (var call = 0; call < 16_000; call++)
        {
            var number = draw.Next(32);
            Assert.Equal(1, bench.Vm.SignalMessage(new KvmMessage((uint)(number % 16), VmBench.Doorbell, number < 16 ? 2u : 7u, 1)));
            if (draw.Next(4) == 0)
            {
                Count(bench.Guest.Deliver(2));
                Count(bench.Guest.Deliver(3));
            }
        }

        Count(bench.Guest.Deliver(2));
        Count(bench.Guest.Deliver(3));
        Assert.All(seen, times => Assert.InRange(times, 100, 1000));

        void Count(List<int> delivered) => delivered.ForEach(interruptId => seen[interruptId - 8200]++);
    }

    [Fact]
    public void V_K17_messages_amid_mapping_and_unmapping()
    {
        var bench = Mapped();
        var draw = new Random(17);
        var isMapped = true;
        for (var step = 0; step < 4000; step++)
        {
            switch (draw.Next(5))
            {
                case 0:
                    // MAPD V=0.
                    Assert.Equal(0, bench.Guest.Send(0x08 | (2UL << 32), 7, GicBench.Itt(2)));
                    isMapped = false;
                    break;
                case 1:
                    Assert.Equal(0, bench.Guest.MapDevice(2));
                    isMapped = false;
                    break;
                case 2:
                    isMapped |= bench.Guest.MapEvent(2, 20, 8195, 3) == 0;
                    break;
                default:
                    Assert.Equal(isMapped ? 1 : 0, bench.Vm.SignalMessage(VmBench.Message(20)));
                    Assert.Equal(isMapped ? [8195] : [], bench.Guest.Deliver(3));
                    break;
            }
        }
    }

    [Fact]
    public void An_irqfd_needs_a_gic_that_is_initialised()
    {
        var bench = new VmBench(0);
        Assert.Equal(Errno.TryAgain, bench.Vm.AssignIrqfd(0, 8, 0, -1));
        Assert.Equal(0, bench.Create(KvmDeviceType.GicV3));
        Assert.Equal(Errno.TryAgain, bench.Vm.AssignIrqfd(0, 8, 0, -1));
        Assert.Equal(0, bench.Initialize());
        Assert.Equal(0, bench.Vm.AssignIrqfd(0, 8, 0, -1));
        Assert.Equal(Errno.Busy, bench.Vm.AssignIrqfd(0, 9, 0, -1));
        Assert.Equal(Errno.BadFile, bench.Vm.AssignIrqfd(1, 9, InterruptRouting.IrqfdResample, -1));
        Assert.Equal(Errno.InvalidArgument, bench.Vm.AssignIrqfd(1, 9, 4, -1));
    }

    [Fact]
    public void Pins_of_the_table_end_at_988_and_lead_to_spis_from_the_first()
    {
        var bench = VmBench.Standard();
        Assert.Equal(GsiRoute.ToPin(255, 255), bench.Vm.Routing.Find(255));
        Assert.Equal(GsiRouteKind.None, bench.Vm.Routing.Find(256).Kind);
        Assert.Equal(0, bench.Vm.Routing.SetRouting([GsiRoute.ToPin(1, 987)], 0));
        Assert.Equal(Errno.InvalidArgument, bench.Vm.Routing.SetRouting([GsiRoute.ToPin(1, 988)], 0));
        Assert.Equal(GsiRoute.ToPin(1, 987), bench.Vm.Routing.Find(1));
    }

    [Fact]
    public void A_resampled_line_falls_when_the_guest_has_ended_it_and_its_eventfd_is_written()
    {
        var bench = VmBench.Standard();
        bench.Guest.Spi40();
        Assert.Equal(0, bench.Vm.AssignIrqfd(3, 8, InterruptRouting.IrqfdResample, 4));
        var eventfd = new Eventfd(bench, RoutingRules.Arm);
        eventfd.Attach(bench.Vm.Routing.RouteOf(3));
        Assert.Equal(0, eventfd.Write(1));
        Assert.Equal(40, bench.Guest.Acknowledge(1));
        Assert.Empty(bench.Guest.Ended);
        bench.Guest.End(1, 40);
        Assert.Equal([40], bench.Guest.Ended);

        // The line is high still, until the VM hears of the end.
        Assert.Equal(40, bench.Guest.Highest(1));
        Assert.Equal([4], bench.Vm.Ended(40));
        Assert.Equal(GicBench.Spurious, bench.Guest.Highest(1));

        // Without the flag a line stays as it was driven.
        Assert.Equal(0, bench.Vm.Routing.DeassignIrqfd(3, 8));
        Assert.Equal(0, eventfd.Write(1));
        Assert.Empty(bench.Vm.Ended(40));
        Assert.Equal(40, bench.Guest.Highest(1));
    }

    [Fact]
    public void A_destroyed_vm_has_nothing()
    {
        var bench = Mapped();
        Assert.Equal(0, bench.Vm.AssignIrqfd(3, 8, 0, -1));
        bench.Vm.Destroy();
        Assert.Empty(bench.Vm.Routing.Eventfds);
        Assert.Equal(Errno.NoSuchAddress, bench.Vm.IrqLine(IrqLine.Spi(40).Encoded, true));
        Assert.Equal(Errno.InvalidArgument, bench.Vm.SignalMessage(VmBench.Message(20)));
        Assert.Equal(0, bench.Vm.CreateDevice((uint)KvmDeviceType.GicV3, hasRun: false, out _));
        Assert.Equal(0, bench.Vm.CreateDevice((uint)KvmDeviceType.Its, hasRun: false, out var its));
        Assert.Equal(new DeviceFile(KvmDeviceType.Its), its);
    }

    [Fact]
    public void A_vcpu_is_initialised_again_only_as_what_it_is()
    {
        var state = 0U;
        Assert.Equal(Errno.InvalidArgument, VcpuFeatures.Initialize(ref state, 4, 0));
        Assert.Equal(Errno.NoSuchEntry, VcpuFeatures.Initialize(ref state, VcpuFeatures.GenericTarget, 1 << 20));
        Assert.Equal(Errno.InvalidArgument, VcpuFeatures.Initialize(ref state, VcpuFeatures.GenericTarget, VcpuFeatures.Aarch32));
        Assert.Equal(0U, state);
        Assert.Equal(0, VcpuFeatures.Initialize(ref state, VcpuFeatures.GenericTarget, VcpuFeatures.Psci02 | VcpuFeatures.PowerOff));
        Assert.Equal(0, VcpuFeatures.Initialize(ref state, VcpuFeatures.GenericTarget, VcpuFeatures.Psci02));
        Assert.Equal(Errno.InvalidArgument, VcpuFeatures.Initialize(ref state, VcpuFeatures.GenericTarget, 0));
        Assert.Equal(VcpuFeatures.Psci02 | VcpuFeatures.Initialized, state);
    }

    private static void Drive(VmBench bench, bool level) => Assert.Equal(0, bench.Vm.IrqLine(IrqLine.Spi(40).Encoded, level));

    /// <summary>S2 and B.</summary>
    private static VmBench Mapped()
    {
        var bench = VmBench.Standard();
        bench.Guest.S2();
        Assert.Equal(0, bench.Guest.MapDevice(2));
        Assert.Equal(0, bench.Guest.MapDevice(7));
        Assert.Equal(0, bench.Guest.MapCollection(3, 3));
        Assert.Equal(0, bench.Guest.MapCollection(2, 2));
        Assert.Equal(0, bench.Guest.MapEvent(2, 20, 8195, 3));
        Assert.Equal(0, bench.Guest.MapEvent(7, 255, 8196, 2));
        return bench;
    }
}
