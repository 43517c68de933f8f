using Trapline.Actors.Vcpus;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Vm;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Xunit;

namespace Trapline.Machines.Tests.Boundary;

/// <summary>The files of an ARM machine: what its VMM has made, registers that are reached while nothing runs, the end of the VM.</summary>
public sealed class ArmLifeCycleTests
{
    private static readonly DeviceFile Gic = KvmDeviceType.GicV3;
    private static readonly DeviceFile Its = KvmDeviceType.Its;

    [Fact]
    public void The_vmm_has_created_everything_once()
    {
        using var bench = new ArmBoundaryBench();
        Assert.Equal(Errno.Busy, bench.Vm(KvmIoctl.CreateVm).Result);
        Assert.Equal(Errno.Busy, bench.Vm(KvmIoctl.CreateVcpu, 1).Result);
        Assert.Equal(Errno.InvalidArgument, bench.Vm(KvmIoctl.CreateVcpu, ArmBoundaryBench.Vcpus).Result);
        Assert.Equal(Errno.NoSuchDevice, bench.Vm(KvmIoctl.CreateIrqchip).Result);
        Assert.Equal(Errno.Exists, bench.Vm(KvmIoctl.CreateDevice, (ulong)KvmDeviceType.GicV3).Result);
        Assert.Equal(Errno.OutOfMemory, bench.Vm(KvmIoctl.CreateDevice, (ulong)KvmDeviceType.Its).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.CreateDevice, (ulong)KvmDeviceType.Its, VmFiles.CreateDeviceTest).Result);
        Assert.Equal(Errno.NoSuchDevice, bench.Vm(KvmIoctl.CreateDevice, (ulong)KvmDeviceType.Eiointc).Result);
        Assert.Equal((0, 288UL), bench.Device(Gic, KvmIoctl.GetDeviceAttribute, GicAttributes.InterruptCount, 0));
        Assert.Equal((0, 0x0800_0000UL), bench.Device(Gic, KvmIoctl.GetDeviceAttribute, GicAttributes.Address, GicAttributes.AddressDistributor));
        Assert.Equal((0, 0x0030_0000_080A_0000UL), bench.Device(Gic, KvmIoctl.GetDeviceAttribute, GicAttributes.Address, GicAttributes.AddressRedistributorRegion));
        Assert.Equal((0, 0x0808_0000UL), bench.Device(Its, KvmIoctl.GetDeviceAttribute, GicAttributes.Address, GicAttributes.AddressIts));
        Assert.Equal(Errno.BadFile, bench.Device(new DeviceFile(KvmDeviceType.Its, 1), KvmIoctl.GetDeviceAttribute, GicAttributes.Address, GicAttributes.AddressIts).Result);
        Assert.Equal(0, bench.Device(Gic, KvmIoctl.HasDeviceAttribute, GicAttributes.CpuRegisters, 0xC230).Result);
        Assert.Equal(Errno.InvalidArgument, bench.Vm(KvmIoctl.InitializeVcpu, 1, VcpuFeatures.GenericTarget, VcpuFeatures.PowerOff).Result);
        Assert.Equal([VcpuPhase.Blocked, VcpuPhase.PoweredOff, VcpuPhase.PoweredOff], Enumerable.Range(0, 3).Select(vcpu => bench[vcpu].Phase));
    }

    [Fact]
    public void Registers_are_reached_while_no_vcpu_is_in_KVM_RUN()
    {
        using var bench = new ArmBoundaryBench(isMigratable: true);
        var typer = GicAttributes.OfRedistributor(1, 8);
        var enable = GicAttributes.OfRedistributor(1, 0x10100);
        var priorityMask = ((ulong)1 << 32) | 0xC230;
        Assert.Equal(Errno.Busy, bench.Device(Gic, KvmIoctl.GetDeviceAttribute, GicAttributes.RedistributorRegisters, typer).Result);
        Assert.Equal(Errno.Busy, bench.Device(Gic, KvmIoctl.SetDeviceAttribute, GicAttributes.CpuRegisters, priorityMask, 0xF0).Result);
        Assert.Equal(Errno.Busy, bench.Device(Its, KvmIoctl.SetDeviceAttribute, GicAttributes.Control, GicAttributes.ControlReset).Result);
        bench.Stop();
        Assert.Equal((0, 0x101UL), bench.Device(Gic, KvmIoctl.GetDeviceAttribute, GicAttributes.RedistributorRegisters, typer));
        Assert.Equal((0, 0xFFFFUL), bench.Device(Gic, KvmIoctl.GetDeviceAttribute, GicAttributes.RedistributorRegisters, enable));
        Assert.Equal(0, bench.Device(Gic, KvmIoctl.SetDeviceAttribute, GicAttributes.RedistributorRegisters, enable, 0x10000).Result);
        Assert.Equal((0, 0x1FFFFUL), bench.Device(Gic, KvmIoctl.GetDeviceAttribute, GicAttributes.RedistributorRegisters, enable));
        Assert.Equal(0, bench.Device(Gic, KvmIoctl.SetDeviceAttribute, GicAttributes.CpuRegisters, priorityMask, 0xF0).Result);
        Assert.Equal((0, 0xF0UL), bench.Device(Gic, KvmIoctl.GetDeviceAttribute, GicAttributes.CpuRegisters, priorityMask));
        Assert.Equal((Errno.NoSuchAddress, 0UL), bench.Device(Gic, KvmIoctl.GetDeviceAttribute, GicAttributes.CpuRegisters, 0xC660));
        Assert.Equal((0, 0x4B00_343BUL), bench.Device(Gic, KvmIoctl.GetDeviceAttribute, GicAttributes.DistributorRegisters, 8));
        Assert.Equal(Errno.BadAddress, bench.Device(Gic, KvmIoctl.GetDeviceAttribute, GicAttributes.DistributorRegisters, 8, bytes: 3).Result);
        Assert.Equal(0, bench.Device(Its, KvmIoctl.SetDeviceAttribute, GicAttributes.ItsRegisters, 0x80, 0x8000_0000_4200_0000).Result);
        Assert.Equal((0, 0x9800_0000_4200_0000UL), bench.Device(Its, KvmIoctl.GetDeviceAttribute, GicAttributes.ItsRegisters, 0x80));
        Assert.Equal(0, bench.Device(Its, KvmIoctl.SetDeviceAttribute, GicAttributes.Control, GicAttributes.ControlReset).Result);
        Assert.Equal((0, 0UL), bench.Device(Its, KvmIoctl.GetDeviceAttribute, GicAttributes.ItsRegisters, 0x80));

        // One that runs is enough.
        Assert.Equal(0, bench.Vm(KvmIoctl.Run, 2).Result);
        Assert.Equal(Errno.Busy, bench.Device(Gic, KvmIoctl.GetDeviceAttribute, GicAttributes.RedistributorRegisters, typer).Result);
    }

    [Fact]
    public void With_its_last_file_the_vm_goes_whatever_is_pending()
    {
        using var bench = new ArmBoundaryBench(ArmBoundaryBench.Driver);
        bench.Wait();
        Assert.Equal(0, bench.Vm(KvmIoctl.Irqfd, 3, 40).Result);
        bench.WriteEventfd(3);
        Close(bench);
        Assert.Equal(Errno.BadFile, bench.Signal(new KvmMessage(0, 0x0809_0040, 8, 1)));
        Assert.Equal(Errno.BadFile, bench.Vcpu(0, KvmIoctl.GetOneRegister).Result);
        Assert.All(Enumerable.Range(0, 3), vcpu => Assert.Equal(VcpuPhase.Stopped, bench[vcpu].Phase));

        // The eventfd is user space's: it counts again, and reaches nobody.
        bench.WriteEventfd(3, 5);
        Assert.Equal(5UL, bench.State().Single(row => row.Key == "eventfd3.count").Value);
    }

    [Fact]
    public void A_vm_made_anew_has_forgotten_the_old_one_and_refuses_what_comes_too_early()
    {
        using var bench = new ArmBoundaryBench(ArmBoundaryBench.Driver);
        Close(bench);
        Assert.Equal(0, bench.Vm(KvmIoctl.CreateVm).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.CreateVcpu, 0).Result);
        Assert.Equal(Errno.Exists, bench.Vm(KvmIoctl.CreateVcpu, 0).Result);
        Assert.Equal(Errno.NotExecutable, bench.Vm(KvmIoctl.Run, 0).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.InitializeVcpu, 0, VcpuFeatures.GenericTarget, VcpuFeatures.Psci02).Result);
        Assert.Equal(Errno.BadFile, bench.Vm(KvmIoctl.InitializeVcpu, 1, VcpuFeatures.GenericTarget, VcpuFeatures.Psci02).Result);
        Assert.Equal(Errno.NoSuchAddress, bench.Vm(KvmIoctl.IrqLine, IrqLine.Spi(40).Encoded, 1).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.CreateDevice, (ulong)KvmDeviceType.GicV3).Result);
        Assert.Equal(Errno.Busy, bench.Vm(KvmIoctl.IrqLine, IrqLine.Spi(40).Encoded, 1).Result);
        Assert.Equal(Errno.TryAgain, bench.Vm(KvmIoctl.Irqfd, 3, 40).Result);
        Assert.Equal(Errno.NoSuchAddress, bench.Vm(KvmIoctl.Run, 0).Result);
        Assert.Equal(0, bench.Device(Gic, KvmIoctl.SetDeviceAttribute, GicAttributes.Address, GicAttributes.AddressDistributor, 0x0800_0000).Result);
        Assert.Equal(0, bench.Device(Gic, KvmIoctl.SetDeviceAttribute, GicAttributes.Address, GicAttributes.AddressRedistributor, 0x080A_0000).Result);
        Assert.Equal(Errno.Busy, bench.Vm(KvmIoctl.Run, 0).Result);
        Assert.Equal(0, bench.Device(Gic, KvmIoctl.SetDeviceAttribute, GicAttributes.Control, GicAttributes.ControlInitialize, bytes: 0).Result);
        Assert.Equal((0, 0UL), bench.Device(Gic, KvmIoctl.GetDeviceAttribute, GicAttributes.DistributorRegisters, 0x104));
        Assert.Equal(Errno.Busy, bench.Vm(KvmIoctl.CreateVcpu, 1).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.Run, 0).Result);
        Assert.Equal(Errno.NoSuchDevice, bench.Signal(new KvmMessage(0, 0x0809_0040, 8, 1)));
    }

    /// <summary>NR_IRQS of the board's VMM, and of another one that makes the VM anew: the distributor has as many.</summary>
    [Theory]
    [InlineData(64, 992)]
    [InlineData(992, 0)]
    public void The_distributor_has_as_many_interrupts_as_user_space_has_set(int board, int other)
    {
        using var bench = new ArmBoundaryBench(isMigratable: true, interrupts: board);
        bench.Stop();
        Check(bench, board, hasIts: true);
        Close(bench);
        Assert.Equal(0, bench.Vm(KvmIoctl.CreateVm).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.CreateVcpu, 0).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.CreateDevice, (ulong)KvmDeviceType.GicV3).Result);
        if (other != 0)
        {
            Assert.Equal(0, bench.Device(Gic, KvmIoctl.SetDeviceAttribute, GicAttributes.InterruptCount, 0, (ulong)other).Result);
        }

        Assert.Equal(0, bench.Device(Gic, KvmIoctl.SetDeviceAttribute, GicAttributes.Control, GicAttributes.ControlInitialize, bytes: 0).Result);
        Assert.Equal(0, bench.Device(Gic, KvmIoctl.SetDeviceAttribute, GicAttributes.Control, GicAttributes.ControlInitialize, bytes: 0).Result);
        Check(bench, other == 0 ? 256 : other, hasIts: false);
    }

    private static void Check(ArmBoundaryBench bench, int interrupts, bool hasIts)
    {
        var identifiers = hasIts ? 0x7A_0000UL : 0x48_0000;
        Assert.Equal((0, identifiers | (uint)((interrupts / 32) - 1)), bench.Device(Gic, KvmIoctl.GetDeviceAttribute, GicAttributes.DistributorRegisters, 4));
        Assert.Equal(0, bench.Vm(KvmIoctl.IrqLine, IrqLine.Spi(interrupts - 1).Encoded, 1).Result);
        Assert.Equal(Errno.InvalidArgument, bench.Vm(KvmIoctl.IrqLine, IrqLine.Spi(interrupts).Encoded, 1).Result);
        Assert.Equal((0, 0x8000_0000UL), bench.Device(Gic, KvmIoctl.GetDeviceAttribute, GicAttributes.LevelInfo, (ulong)interrupts - 32));
        Assert.Equal((0, 0UL), bench.Device(Gic, KvmIoctl.GetDeviceAttribute, GicAttributes.LevelInfo, (ulong)interrupts));
    }

    private static void Close(ArmBoundaryBench bench)
    {
        Assert.Equal(0, bench.Device(Its, KvmIoctl.CloseDevice, 0, 0).Result);
        Assert.Equal(0, bench.Device(Gic, KvmIoctl.CloseDevice, 0, 0).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.CloseVm).Result);
        for (var vcpu = 0; vcpu < ArmBoundaryBench.Vcpus; vcpu++)
        {
            Assert.Equal(0, bench.Vm(KvmIoctl.CloseVcpu, (ulong)vcpu).Result);
        }
    }
}
