using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Vm;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;

namespace Trapline.Devices.Tests.Arm;

/// <summary>The vectors of the files of GIC and ITS: creation, addresses, who may reach registers when (spec gicv3-its 9.1 to 9.3).</summary>
public sealed class VmFileVectorTests
{
    private const ulong MaximumAddress = 1UL << Vgic.DefaultIpaBits;
    private const uint TyperLow = 8;

    [Fact]
    public void V_M26_addresses_of_an_its()
    {
        var bench = new VmBench(0);
        Assert.Equal(0, bench.Create(KvmDeviceType.Its));
        Assert.Equal(Errno.InvalidArgument, Place(0x401000));
        Assert.Equal(Errno.TooBig, Place(MaximumAddress));
        Assert.Equal(Errno.TooBig, Place(MaximumAddress - 0x10000));
        Assert.Equal(Errno.InvalidArgument, Place(ulong.MaxValue - 0xFFFF));
        Assert.Equal(0, Place(0x400000));
        Assert.Equal(Errno.Exists, Place(0x300000));
        Assert.Equal(Errno.Exists, Place(0x401000));
        Assert.Equal(Errno.NoSuchDevice, bench.SetIts(GicAttributes.Address, GicAttributes.AddressDistributor, 0x500000));
        Assert.Equal((0, 0x400000UL), (bench.GetIts(GicAttributes.Address, GicAttributes.AddressIts, out var value), value));

        int Place(ulong address) => bench.SetIts(GicAttributes.Address, GicAttributes.AddressIts, address);
    }

    [Fact]
    public void V_M27_regions_of_redistributors()
    {
        var bench = new VmBench(0, 1, 2);
        Assert.Equal(0, bench.Create(KvmDeviceType.GicV3));
        Assert.Equal(Errno.InvalidArgument, Add(2, 0x200000, 0, flags: 2));
        Assert.Equal(Errno.InvalidArgument, Add(0, 0x200000, 0));
        Assert.Equal(Errno.InvalidArgument, Add(2, 0x200000, 1));
        Assert.Equal(Errno.InvalidArgument, Add(2, 0x201000, 0));
        Assert.Equal(0, Add(2, 0x200000, 0));
        Assert.Equal(Errno.InvalidArgument, Add(2, 0x200000, 0));
        Assert.Equal(Errno.InvalidArgument, Add(1, 0x210000, 2));
        Assert.Equal(Errno.InvalidArgument, Add(1, 0x240000, 2));
        Assert.Equal(0, Add(1, 0x240000, 1));
        Assert.Equal(Errno.TooBig, Add(2, MaximumAddress, 2));
        Assert.Equal(Errno.TooBig, Add(2, MaximumAddress - 0x20000, 2));
        Assert.Equal((0, 0x0020_0000_0020_0000UL), Region(bench, 0));
        Assert.Equal((0, 0x0010_0000_0024_0001UL), Region(bench, 1));
        Assert.Equal((Errno.NoSuchEntry, 0UL), Region(bench, 2));

        // Regions with a number of slots and the one without are two ways, not to be mixed.
        Assert.Equal(Errno.InvalidArgument, bench.SetAddress(GicAttributes.AddressRedistributor, 0x400000));

        int Add(ulong count, ulong start, ulong index, ulong flags = 0) =>
            bench.SetAddress(GicAttributes.AddressRedistributorRegion, (count << 52) | start | (flags << 12) | index);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void After_the_one_region_without_a_number_of_slots_there_is_no_other(ulong index)
    {
        var bench = new VmBench(0, 1);
        Assert.Equal(0, bench.Create(KvmDeviceType.GicV3));
        Assert.Equal(0, bench.SetAddress(GicAttributes.AddressDistributor, 0x0));
        Assert.Equal(Errno.InvalidArgument, bench.SetAddress(GicAttributes.AddressRedistributor, 0x0));
        Assert.Equal(Errno.TooBig, bench.SetAddress(GicAttributes.AddressRedistributor, MaximumAddress - 0x20000));
        Assert.Equal(0, bench.SetAddress(GicAttributes.AddressRedistributor, 0x10000));
        Assert.Equal(Errno.Exists, bench.SetAddress(GicAttributes.AddressRedistributor, 0x800000));
        Assert.Equal(Errno.InvalidArgument, bench.SetAddress(GicAttributes.AddressRedistributorRegion, (1UL << 52) | 0x400000 | index));
        Assert.Equal((0, 0x10000UL), (bench.Get(GicAttributes.Address, GicAttributes.AddressRedistributor, out var value), value));
    }

    [Fact]
    public void V_M28_the_first_run()
    {
        var bench = new VmBench(0, 1);
        Assert.Equal(0, bench.Vm.Vgic.PrepareRun());
        Assert.Equal(0, bench.Create(KvmDeviceType.GicV3));
        Assert.Equal(0, bench.SetAddress(GicAttributes.AddressDistributor, 0));
        Assert.Equal(0, bench.SetAddress(GicAttributes.AddressRedistributorRegion, (1UL << 52) | 0x200000));
        Assert.Equal(Errno.NoSuchAddress, bench.Vm.Vgic.PrepareRun());
        Assert.Equal(0, bench.SetAddress(GicAttributes.AddressRedistributorRegion, (1UL << 52) | 0x400001));
        Assert.Equal(Errno.Busy, bench.Vm.Vgic.PrepareRun());
        Assert.Equal(0, bench.Initialize());
        Assert.Equal(0, bench.Vm.Vgic.PrepareRun());
    }

    [Fact]
    public void V_M28_a_distributor_that_overlaps_a_redistributor()
    {
        var bench = new VmBench(0);
        Assert.Equal(0, bench.Create(KvmDeviceType.GicV3));
        Assert.Equal(0, bench.SetAddress(GicAttributes.AddressRedistributor, 0x10000));
        Assert.Equal(0, bench.Initialize());
        Assert.Equal(Errno.NoSuchAddress, bench.Vm.Vgic.PrepareRun());
        Assert.Equal(0, bench.SetAddress(GicAttributes.AddressDistributor, 0x20000));
        Assert.Equal(Errno.InvalidArgument, bench.Vm.Vgic.PrepareRun());
    }

    [Fact]
    public void V_D17_regions_that_are_not_in_the_order_of_ids()
    {
        var bench = new VmBench(0, 3, 5, 4, 1, 2);
        Assert.Equal(0, bench.Create(KvmDeviceType.GicV3));
        Assert.Equal(0, bench.Initialize());
        Assert.Equal(0, bench.SetAddress(GicAttributes.AddressRedistributorRegion, (2UL << 52) | 0x100000));
        Assert.Equal(0, bench.SetAddress(GicAttributes.AddressRedistributorRegion, (2UL << 52) | 0x240001));
        Assert.Equal(0, bench.SetAddress(GicAttributes.AddressRedistributorRegion, (2UL << 52) | 0x200002));
        Assert.Equal([0x000UL, 0x310, 0x500, 0x410, 0x100, 0x200], new[] { 0, 3, 5, 4, 1, 2 }.Select(id => Typer(bench, id)));
    }

    [Fact]
    public void V_D18_one_region()
    {
        var bench = new VmBench(0, 3, 5, 4, 1, 2);
        Assert.Equal(0, bench.Create(KvmDeviceType.GicV3));
        Assert.Equal(0, bench.SetAddress(GicAttributes.AddressRedistributor, 0x10000));
        Assert.Equal(0, bench.Initialize());
        Assert.Equal([0x000UL, 0x300, 0x500, 0x400, 0x100, 0x210], new[] { 0, 3, 5, 4, 1, 2 }.Select(id => Typer(bench, id)));
    }

    [Fact]
    public void V_D19_a_register_of_nobody_and_of_a_gic_that_is_not_initialised()
    {
        var bench = new VmBench(0, 1);
        Assert.Equal(0, bench.Create(KvmDeviceType.GicV3));
        Assert.Equal(Errno.InvalidArgument, bench.Get(GicAttributes.RedistributorRegisters, GicAttributes.OfRedistributor(2, TyperLow), out _));
        Assert.Equal(Errno.Busy, bench.Get(GicAttributes.RedistributorRegisters, GicAttributes.OfRedistributor(1, TyperLow), out _));
        Assert.Equal(0, bench.Initialize());
        Assert.Equal(Errno.InvalidArgument, bench.Get(GicAttributes.RedistributorRegisters, GicAttributes.OfRedistributor(2, TyperLow), out _));
        Assert.Equal(0, bench.Get(GicAttributes.RedistributorRegisters, GicAttributes.OfRedistributor(1, TyperLow), out _));
    }

    [Fact]
    public void V_M19_V_M23_registers_and_tables_need_vcpus_that_stand_still_and_an_initialised_gic()
    {
        var bench = VmBench.Standard();
        bench.IsRunning = true;
        foreach (var control in new[] { GicAttributes.ControlSaveTables, GicAttributes.ControlRestoreTables, GicAttributes.ControlReset })
        {
            Assert.Equal(Errno.Busy, bench.SetIts(GicAttributes.Control, control, 0));
        }

        Assert.Equal(Errno.Busy, bench.GetIts(GicAttributes.ItsRegisters, 0, out _));
        Assert.Equal(Errno.Busy, bench.SetIts(GicAttributes.ItsRegisters, 0x80, 0));
        Assert.Equal(Errno.Busy, bench.Set(GicAttributes.Control, GicAttributes.ControlSavePending, 0));
        Assert.Equal(Errno.Busy, bench.Get(GicAttributes.DistributorRegisters, 0, out _));
        Assert.Equal(Errno.Busy, bench.Get(GicAttributes.CpuRegisters, 0xC230, out _));
        Assert.Equal(Errno.Busy, bench.Get(GicAttributes.LevelInfo, 32, out _));
        Assert.Equal(0, bench.SetIts(GicAttributes.Control, GicAttributes.ControlInitialize, 0));

        bench.IsRunning = false;
        Assert.Equal(0, bench.GetIts(GicAttributes.ItsRegisters, 0, out _));
        Assert.Equal(0, bench.SetIts(GicAttributes.Control, GicAttributes.ControlReset, 0));
        Assert.Equal(0, bench.Set(GicAttributes.Control, GicAttributes.ControlSavePending, 0));

        var early = new VmBench(0);
        Assert.Equal(0, early.Create(KvmDeviceType.GicV3));
        Assert.Equal(Errno.NoSuchAddress, early.Set(GicAttributes.Control, GicAttributes.ControlSavePending, 0));
    }

    [Fact]
    public void V_M20_registers_of_an_its()
    {
        var bench = new VmBench(0);
        Assert.Equal(0, bench.Create(KvmDeviceType.GicV3));
        Assert.Equal(0, bench.Create(KvmDeviceType.Its));
        Assert.Equal(Errno.NoSuchAddress, bench.GetIts(GicAttributes.ItsRegisters, 0, out _));
        Assert.Equal(0, bench.SetIts(GicAttributes.Address, GicAttributes.AddressIts, VmBench.ItsBase));
        Assert.Equal(0, bench.GetIts(GicAttributes.ItsRegisters, 0, out _));
        Assert.Equal(Errno.InvalidArgument, bench.GetIts(GicAttributes.ItsRegisters, 0x104, out _));
        Assert.Equal(Errno.NoSuchAddress, bench.GetIts(GicAttributes.ItsRegisters, 0x18, out _));
        Assert.Equal(Errno.NoSuchAddress, bench.GetIts(GicAttributes.ItsRegisters, 0x10040, out _));
        Assert.Equal(0, bench.SetIts(GicAttributes.ItsRegisters, 0x80, 0x8000_0000_4200_0000));
        Assert.Equal(Errno.InvalidArgument, bench.SetIts(GicAttributes.ItsRegisters, 0x90, 0x1000));
        Assert.Equal(Errno.InvalidArgument, bench.SetIts(GicAttributes.ItsRegisters, 4, 0x4B00_143B));
        Assert.Equal(Errno.BadAddress, bench.GetIts(GicAttributes.ItsRegisters, 0, out _, bytes: 4));
    }

    [Fact]
    public void The_number_of_interrupts_is_given_once_and_before_the_initialisation()
    {
        var bench = new VmBench(0);
        Assert.Equal(0, bench.Create(KvmDeviceType.GicV3));
        foreach (var count in new ulong[] { 0, 32, 63, 65, 1024, 2048 })
        {
            Assert.Equal(Errno.InvalidArgument, Set(count));
        }

        Assert.Equal(Errno.BadAddress, bench.Set(GicAttributes.InterruptCount, 0, 288, bytes: 3));
        Assert.Equal(0, Set(992));
        Assert.Equal(Errno.Busy, Set(288));
        Assert.Equal(Errno.InvalidArgument, Set(33));
        Assert.Equal((0, 992UL), (bench.Get(GicAttributes.InterruptCount, 0, out var value), value));

        var other = new VmBench(0);
        Assert.Equal(0, other.Create(KvmDeviceType.GicV3));
        Assert.Equal(0, other.Initialize());
        Assert.Equal(0, other.Initialize());
        Assert.Equal(Errno.Busy, other.Set(GicAttributes.InterruptCount, 0, 288));
        Assert.Equal((0, 256UL), (other.Get(GicAttributes.InterruptCount, 0, out value), value));

        int Set(ulong count) => bench.Set(GicAttributes.InterruptCount, 0, count);
    }

    /// <summary>Spec 1.1, 3.4, 9.2: GICD_TYPER tells, and so many there are; 256 where user space does not say.</summary>
    [Theory]
    [InlineData(64, 0x7A_0001)]
    [InlineData(256, 0x7A_0007)]
    [InlineData(288, 0x7A_0008)]
    [InlineData(992, 0x7A_001E)]
    [InlineData(0, 0x7A_0007)]
    public void The_distributor_has_the_interrupts_that_user_space_has_asked_for(int interrupts, uint type)
    {
        var bench = new VmBench(0, 1);
        Assert.Equal(0, bench.Create(KvmDeviceType.GicV3));
        Assert.Equal(0, bench.Create(KvmDeviceType.Its));
        Assert.Equal(interrupts == 0 ? Errno.InvalidArgument : 0, bench.Set(GicAttributes.InterruptCount, 0, (uint)interrupts));
        Assert.Equal(0, bench.Set(GicAttributes.DistributorRegisters, 8, 0x4B00_243B));
        Assert.Equal(0, bench.Initialize());
        var last = (interrupts == 0 ? 256 : interrupts) - 1;
        Assert.Equal(type, bench.Guest.ReadD(4));
        Assert.Equal(0x4B00_243Bul, bench.Guest.ReadD(8));
        foreach (var (interruptId, answer) in new[] { (last, 0xA0ul), (last + 1, 0ul) })
        {
            bench.Guest.WriteD(0x400 + (ulong)interruptId, 0xA5, 1);
            Assert.Equal(answer, bench.Guest.ReadD(0x400 + (ulong)interruptId, 1));
            Assert.Equal(answer == 0 ? Errno.InvalidArgument : 0, bench.Vm.IrqLine(IrqLine.Spi(interruptId).Encoded, true));
            Assert.Equal((answer == 0 ? 0 : GsiRouteKind.Irqchip), bench.Vm.Routing.Find((uint)interruptId - 32).Kind);
        }

        // As state it goes where another number was built.
        var copy = new VmBench(0, 1);
        RawState.Copy(bench.Guest.Gic.SyncState, copy.Guest.Gic.SyncState);
        Assert.Equal(type, copy.Guest.ReadD(4));
        Assert.Equal(0xA0ul, copy.Guest.ReadD(0x400 + (ulong)last, 1));
    }

    [Fact]
    public void Devices_are_created_before_a_vcpu_runs_the_gic_once_its_as_often_as_there_are_files()
    {
        var bench = new VmBench(0) { IsRunning = true };
        Assert.Equal(Errno.NoSuchDevice, bench.Create(KvmDeviceType.Eiointc));
        Assert.Equal(Errno.Busy, bench.Create(KvmDeviceType.GicV3));
        bench.IsRunning = false;
        Assert.Equal(0, bench.Create(KvmDeviceType.GicV3));
        Assert.Equal(Errno.Exists, bench.Create(KvmDeviceType.GicV3));
        Assert.Equal(0, bench.Create(KvmDeviceType.Its));
        Assert.Equal(0, bench.Create(KvmDeviceType.Its));
        Assert.Equal(Errno.OutOfMemory, bench.Create(KvmDeviceType.Its));
        Assert.Equal(0, bench.SetIts(GicAttributes.Address, GicAttributes.AddressIts, 0x100000, its: 1));
        Assert.Equal(0, bench.SetIts(GicAttributes.Address, GicAttributes.AddressIts, 0x100000, its: 0));
    }

    [Fact]
    public void A_region_that_was_refused_leaves_its_index_free_B16()
    {
        var bench = new VmBench(0);
        Assert.Equal(0, bench.Create(KvmDeviceType.GicV3));
        Assert.Equal(0, bench.SetAddress(GicAttributes.AddressDistributor, 0x100000));
        Assert.Equal(Errno.InvalidArgument, bench.SetAddress(GicAttributes.AddressRedistributorRegion, (1UL << 52) | 0x100000));
        Assert.Equal(Errno.NoSuchEntry, Region(bench, 0).Result);
        Assert.Equal(0, bench.SetAddress(GicAttributes.AddressRedistributorRegion, (1UL << 52) | 0x200000));
        Assert.Equal(0, bench.Initialize());
        Assert.Equal(0, bench.Vm.Vgic.PrepareRun());
    }

    [Fact]
    public void A_vcpu_that_comes_later_takes_the_next_slot()
    {
        var bench = new VmBench(0);
        Assert.Equal(0, bench.Create(KvmDeviceType.GicV3));
        Assert.Equal(0, bench.SetAddress(GicAttributes.AddressDistributor, 0));
        Assert.Equal(0, bench.SetAddress(GicAttributes.AddressRedistributor, 0x10000));
        bench.Vm.Vgic.AddVcpu(1);
        Assert.Equal(0, bench.Initialize());
        Assert.Equal(0, bench.Vm.Vgic.PrepareRun());
    }

    [Fact]
    public void Two_registers_of_the_distributor_are_reached_before_the_initialisation()
    {
        var bench = new VmBench(0);
        Assert.Equal(0, bench.Create(KvmDeviceType.GicV3));
        Assert.Equal(Errno.Busy, bench.Get(GicAttributes.DistributorRegisters, 4, out _));
        Assert.Equal((0, 0x4B00_343BUL), (bench.Get(GicAttributes.DistributorRegisters, 8, out var value), value));
        Assert.Equal(0, bench.Set(GicAttributes.DistributorRegisters, 8, 0x4B00_243B));
        Assert.Equal((0, 0x4B00_243BUL), (bench.Get(GicAttributes.DistributorRegisters, 8, out value), value));
        Assert.Equal(0, bench.Set(GicAttributes.DistributorRegisters, 0xC, 0));
        Assert.Equal(Errno.InvalidArgument, bench.Set(GicAttributes.DistributorRegisters, 0xC, 1));
        Assert.Equal(0, bench.Initialize());
        Assert.Equal(0, bench.Set(GicAttributes.DistributorRegisters, 0xC, 0));
        Assert.Equal(Errno.Busy, bench.Set(GicAttributes.DistributorRegisters, 0xC, 1));
    }

    /// <summary>Which of several errors is told: in the order in which Linux finds them.</summary>
    [Fact]
    public void Of_several_errors_the_first_is_told()
    {
        const ulong Nobody = 9UL << GicAttributes.AffinityShift;
        var bench = new VmBench(0);
        Assert.Equal(0, bench.Create(KvmDeviceType.GicV3));
        Assert.Equal(0, bench.Create(KvmDeviceType.Its));
        Assert.Equal(Errno.InvalidArgument, bench.Get(GicAttributes.LevelInfo, Nobody | (1 << 10), out _, bytes: 0));
        Assert.Equal(Errno.Busy, bench.Get(GicAttributes.LevelInfo, 1 << 10, out _, bytes: 0));
        Assert.Equal(Errno.BadAddress, bench.Set(GicAttributes.LevelInfo, 1 << 10, 0, bytes: 0));
        Assert.Equal(Errno.Busy, bench.Get(GicAttributes.DistributorRegisters, 0, out _, bytes: 0));
        Assert.Equal(Errno.BadAddress, bench.Set(GicAttributes.DistributorRegisters, 0, 0, bytes: 0));
        Assert.Equal(Errno.Busy, bench.Set(GicAttributes.CpuRegisters, 0xC660, 0, bytes: 0));
        Assert.Equal(Errno.NoSuchAddress, bench.Get(GicAttributes.Address, 0, out _, bytes: 0));
        Assert.Equal(Errno.BadAddress, bench.Set(GicAttributes.Address, 0, 0, bytes: 0));
        Assert.Equal(Errno.BadAddress, bench.Get(GicAttributes.Address, GicAttributes.AddressDistributor, out _, bytes: 0));
        Assert.Equal(Errno.BadAddress, bench.Get(GicAttributes.Address, GicAttributes.AddressRedistributorRegion, out _, bytes: 0));
        Assert.Equal(Errno.BadAddress, bench.SetIts(GicAttributes.ItsRegisters, 0x104, 0, bytes: 0));
        Assert.Equal(Errno.InvalidArgument, bench.GetIts(GicAttributes.ItsRegisters, 0x104, out _, bytes: 0));
        Assert.Equal(Errno.NoSuchAddress, bench.GetIts(GicAttributes.ItsRegisters, 0, out _, bytes: 0));
        Assert.Equal(Errno.NoSuchAddress, bench.SetIts(GicAttributes.Control, 9, 0));

        Assert.Equal(0, bench.Initialize());
        Assert.Equal(Errno.InvalidArgument, bench.Get(GicAttributes.LevelInfo, 1 << 10, out _, bytes: 0));
        Assert.Equal(Errno.BadAddress, bench.Get(GicAttributes.DistributorRegisters, 0, out _, bytes: 3));
        Assert.Equal(Errno.BadAddress, bench.Set(GicAttributes.CpuRegisters, 0xC660, 0, bytes: 4));
        Assert.Equal(Errno.NoSuchAddress, bench.Get(GicAttributes.CpuRegisters, 0xC660, out _, bytes: 4));
        Assert.Equal(Errno.BadAddress, bench.Get(GicAttributes.CpuRegisters, 0xC230, out _, bytes: 4));

        bench.IsRunning = true;
        Assert.Equal(Errno.InvalidArgument, bench.GetIts(GicAttributes.ItsRegisters, 0x104, out _));
        Assert.Equal(Errno.Busy, bench.GetIts(GicAttributes.ItsRegisters, 0x18, out _));
        Assert.Equal(Errno.Busy, bench.GetIts(GicAttributes.ItsRegisters, 0, out _));
        Assert.Equal(Errno.Busy, bench.SetIts(GicAttributes.Control, 9, 0));
        Assert.Equal(Errno.InvalidArgument, new Vgic(0).Get(KvmDeviceType.GicV3, GicAttributes.DistributorRegisters, 8, 0, 8, isRunning: false).Result);
    }

    [Fact]
    public void What_there_is_can_be_asked_for()
    {
        var bench = VmBench.Standard();
        Assert.Equal(0, bench.Has(GicAttributes.Address, GicAttributes.AddressRedistributorRegion));
        Assert.Equal(Errno.NoSuchAddress, bench.Has(GicAttributes.Address, GicAttributes.AddressIts));
        Assert.Equal(0, bench.Has(GicAttributes.InterruptCount, 0));
        Assert.Equal(0, bench.Has(GicAttributes.Control, GicAttributes.ControlSavePending));
        Assert.Equal(Errno.NoSuchAddress, bench.Has(GicAttributes.Control, GicAttributes.ControlReset));
        Assert.Equal(0, bench.Has(GicAttributes.DistributorRegisters, 0x104));
        Assert.Equal(Errno.NoSuchAddress, bench.Has(GicAttributes.DistributorRegisters, 0x106));
        Assert.Equal(Errno.NoSuchAddress, bench.Has(GicAttributes.DistributorRegisters, 0x20));
        foreach (var (last, beyond) in new (uint Last, uint Beyond)[] { (0xA0, 0xA4), (0x120, 0x124), (0x51C, 0x520), (0x91C, 0x920), (0xC44, 0xC48), (0xD20, 0xD24), (0x68FC, 0x6900) })
        {
            Assert.Equal((last, 0), (last, bench.Has(GicAttributes.DistributorRegisters, last)));
            Assert.Equal((beyond, Errno.NoSuchAddress), (beyond, bench.Has(GicAttributes.DistributorRegisters, beyond)));
        }

        Assert.Equal(Errno.NoSuchAddress, bench.Has(GicAttributes.DistributorRegisters, 0xE00));
        Assert.Equal(0, bench.Has(GicAttributes.RedistributorRegisters, GicAttributes.OfRedistributor(3, 0x10E00)));
        Assert.Equal(Errno.InvalidArgument, bench.HasOfIts(GicAttributes.ItsRegisters, 0x104));
        Assert.Equal(Errno.NoSuchAddress, bench.HasOfIts(GicAttributes.ItsRegisters, 0x18));
        Assert.Equal(0, bench.HasOfIts(GicAttributes.ItsRegisters, 0x100));
        Assert.Equal(0, bench.Has(GicAttributes.RedistributorRegisters, GicAttributes.OfRedistributor(3, 0x10100)));
        Assert.Equal(Errno.InvalidArgument, bench.Has(GicAttributes.RedistributorRegisters, GicAttributes.OfRedistributor(4, 0x10100)));
        Assert.Equal(0, bench.Has(GicAttributes.CpuRegisters, 0xC230));
        Assert.Equal(Errno.NoSuchAddress, bench.Has(GicAttributes.CpuRegisters, 0xC660));
        Assert.Equal(0, bench.Has(GicAttributes.LevelInfo, 0));
        Assert.Equal(Errno.NoSuchAddress, bench.Has(GicAttributes.LevelInfo, 1 << 10));
        Assert.Equal(Errno.NoSuchAddress, bench.Has(9, 0));
        Assert.Equal(0, bench.HasOfIts(GicAttributes.Address, GicAttributes.AddressIts));
        Assert.Equal(0, bench.HasOfIts(GicAttributes.Control, GicAttributes.ControlReset));
        Assert.Equal(Errno.NoSuchAddress, bench.HasOfIts(GicAttributes.Control, GicAttributes.ControlSavePending));
        Assert.Equal(Errno.NoSuchAddress, bench.Set(9, 0, 0));
        Assert.Equal(Errno.NoSuchAddress, bench.Set(GicAttributes.Address, 0, 0));
        Assert.Equal(Errno.BadAddress, bench.Set(GicAttributes.Address, GicAttributes.AddressDistributor, 0, bytes: 4));
    }

    private static (int Result, ulong Value) Region(VmBench bench, ulong index) =>
        (bench.Get(GicAttributes.Address, GicAttributes.AddressRedistributorRegion, out var value, index), value);

    private static ulong Typer(VmBench bench, int vcpu)
    {
        Assert.Equal(0, bench.Get(GicAttributes.RedistributorRegisters, GicAttributes.OfRedistributor(vcpu, TyperLow), out var value));
        return value;
    }
}
