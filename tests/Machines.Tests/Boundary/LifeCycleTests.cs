using Trapline.Actors.Vcpus;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.PchPic;
using Trapline.Devices.LoongArch.Vm;
using Trapline.Machines.Boards;
using Xunit;

namespace Trapline.Machines.Tests.Boundary;

/// <summary>Creating and destroying a VM and its parts, with interrupts pending, irqfds attached and messages on their way.</summary>
public sealed class LifeCycleTests
{
    private const uint Enable = 0x1600 - 0x1400;

    [Fact]
    public void The_vmm_has_created_everything_once()
    {
        using var bench = new BoundaryBench();
        Assert.Equal(Errno.Busy, bench.Vm(KvmIoctl.CreateVm).Result);
        Assert.Equal(Errno.Exists, bench.Vm(KvmIoctl.CreateVcpu, 1).Result);
        Assert.Equal(Errno.InvalidArgument, bench.Vm(KvmIoctl.CreateVcpu, 2).Result);
        Assert.Equal(Errno.InvalidArgument, bench.Vm(KvmIoctl.CreateVcpu, ulong.MaxValue).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.CreateIrqchip).Result);
        foreach (var device in VmInterrupts.Devices)
        {
            Assert.Equal(Errno.InvalidArgument, bench.Vm(KvmIoctl.CreateDevice, (ulong)device).Result);
            Assert.Equal(0, bench.Vm(KvmIoctl.CreateDevice, (ulong)device, VmFiles.CreateDeviceTest).Result);
        }

        Assert.Equal(Errno.NoSuchDevice, bench.Vm(KvmIoctl.CreateDevice, 15).Result);
        Assert.Equal(Errno.NoSuchDevice, bench.Vm(KvmIoctl.CreateDevice, 1UL << 32 | 12).Result);
        Assert.Equal(Errno.NotTypewriter, bench.Vm(KvmIoctl.GetOneRegister).Result);
        Assert.Equal(0x0000_000BUL, bench.Device(KvmDeviceType.Eiointc, KvmIoctl.GetDeviceAttribute, EiointcUapi.StatusGroup, EiointcUapi.StatusFeatures).Value);
        Assert.Equal(2UL, bench.Device(KvmDeviceType.Eiointc, KvmIoctl.GetDeviceAttribute, EiointcUapi.StatusGroup, EiointcUapi.StatusCpuCount).Value);
    }

    [Fact]
    public void A_kernel_without_controllers_creates_none()
    {
        using var bench = new BoundaryBench(settings: new MachineSettings { Irqchip = Irqchip.User });
        Assert.Equal(Errno.NoSuchDevice, bench.Vm(KvmIoctl.CreateDevice, (ulong)KvmDeviceType.Eiointc).Result);
        Assert.Equal(Errno.NoSuchAddress, bench.Vm(KvmIoctl.IrqLine, 2, 1).Result);
    }

    [Fact]
    public void A_closed_file_is_no_file_and_what_it_stood_for_lives_on_with_the_vm()
    {
        using var bench = new BoundaryBench();
        Assert.Equal(0, Get(bench, 0).Result);
        Assert.Equal(0, bench.Device(KvmDeviceType.Eiointc, KvmIoctl.CloseDevice, 0, 0).Result);
        Assert.Equal(Errno.BadFile, Get(bench, 0).Result);
        Assert.Equal(Errno.BadFile, bench.Device(KvmDeviceType.Eiointc, KvmIoctl.CloseDevice, 0, 0).Result);
        Assert.Equal(Errno.InvalidArgument, bench.Vm(KvmIoctl.CreateDevice, (ulong)KvmDeviceType.Eiointc).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.SignalMsi, 70, 1).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.CloseVm).Result);
        Assert.Equal(Errno.BadFile, bench.Vm(KvmIoctl.IrqLine, 2, 1).Result);
        Assert.Equal(Errno.BadFile, bench.Vm(KvmIoctl.CloseVm).Result);
        Assert.Equal(VcpuPhase.Blocked, bench.Run.Vcpu(0).Phase);
    }

    [Fact]
    public void With_its_last_file_the_vm_goes_whatever_is_pending()
    {
        using var bench = new BoundaryBench();
        bench.Device(KvmDeviceType.Eiointc, KvmIoctl.SetDeviceAttribute, EiointcUapi.RegistersGroup, EiointcUapi.AttributeOf((int)Enable + 8), uint.MaxValue, 4);
        Assert.Equal(0, bench.Route(GsiRoute.ToMessage(70, 70), GsiRoute.ToPin(2, 2)));
        Assert.Equal(0, bench.Vm(KvmIoctl.Irqfd, 3, 70).Result);
        bench.WriteEventfd(3);
        Assert.Equal(1UL << 6, Pending(bench));
        Close(bench);
        Assert.Equal(Errno.BadFile, bench.Vm(KvmIoctl.SignalMsi, 70, 1).Result);
        Assert.Equal(Errno.BadFile, bench.Vcpu(0, KvmIoctl.GetOneRegister, OneRegister.OfCsr(Csr.Estat)).Result);
        Assert.Equal(Errno.BadFile, bench.Vcpu(1, KvmIoctl.Interrupt, 3).Result);
        Assert.Equal([VcpuPhase.Stopped, VcpuPhase.Stopped], [bench.Run.Vcpu(0).Phase, bench.Run.Vcpu(1).Phase]);

        // The eventfd is user space's: it counts again, and reaches nobody.
        bench.WriteEventfd(3, 5);
        Assert.Equal(0UL, Pending(bench));
        Assert.Equal(5UL, bench.State().Single(row => row.Key == "eventfd3.count").Value);
    }

    /// <summary>Each file holds the VM, a device's too.</summary>
    [Fact]
    public void The_vm_lives_while_one_file_of_a_device_is_open()
    {
        using var bench = new BoundaryBench();
        Assert.Equal(0, bench.Vm(KvmIoctl.CloseVcpu, 0).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.CloseVcpu, 1).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.CloseVm).Result);
        Assert.Equal(0, bench.Device(KvmDeviceType.Ipi, KvmIoctl.CloseDevice, 0, 0).Result);
        Assert.Equal(0, bench.Device(KvmDeviceType.PchPic, KvmIoctl.CloseDevice, 0, 0).Result);
        Assert.Equal(0, Get(bench, 0).Result);
        Assert.Equal(Errno.Busy, bench.Vm(KvmIoctl.CreateVm).Result);
        Assert.Equal(0, bench.Device(KvmDeviceType.Eiointc, KvmIoctl.CloseDevice, 0, 0).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.CreateVm).Result);
    }

    [Fact]
    public void A_vm_made_anew_has_forgotten_the_old_one()
    {
        using var bench = new BoundaryBench();
        bench.Device(KvmDeviceType.Ipi, KvmIoctl.SetDeviceAttribute, IpiUapi.RegistersGroup, IpiUapi.AttributeOf(1, IpiRegisters.Status), 7, 4);
        Close(bench);
        Assert.Equal(0, bench.Vm(KvmIoctl.CreateVm).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.CreateVcpu, 1).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.SetOneRegister, 1, OneRegister.OfCsr(Csr.CpuId), 200).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.CreateDevice, (ulong)KvmDeviceType.Ipi).Result);
        Assert.Equal((0, 0UL), bench.Device(KvmDeviceType.Ipi, KvmIoctl.GetDeviceAttribute, IpiUapi.RegistersGroup, IpiUapi.AttributeOf(1, IpiRegisters.Status)));
        Assert.Equal(Errno.InvalidArgument, bench.Device(KvmDeviceType.Ipi, KvmIoctl.GetDeviceAttribute, IpiUapi.RegistersGroup, IpiUapi.AttributeOf(0, IpiRegisters.Status)).Result);
        Assert.Equal(Errno.NoSuchAddress, bench.Vm(KvmIoctl.IrqLine, 2, 1).Result);
        Assert.Equal(Errno.TryAgain, bench.Vm(KvmIoctl.Irqfd, 3, 2).Result);
        Assert.Equal((0, 200UL), bench.Vcpu(1, KvmIoctl.GetOneRegister, OneRegister.OfCsr(Csr.CpuId)));
    }

    [Fact]
    public void Registers_of_pch_pic_are_reached_from_CTRL_INIT_on_and_where_it_says()
    {
        using var bench = new BoundaryBench("""
            .shared value, 8
            start:
                li   a0, 0x10000000
            again:
                mmio.read.w a1, [a0]
                la   t0, value
                st.d a1, [t0]
                work 1us
                b again
            """);
        Assert.True(bench.Run.Exits(0, "pch_pic_read INT_ID").Count > 0);
        Assert.Equal(0, bench.Device(KvmDeviceType.PchPic, KvmIoctl.SetDeviceAttribute, PchPicUapi.ControlGroup, PchPicUapi.ControlInit, 0x1001_0000).Result);
        var served = bench.Run.Exits(0, "pch_pic_read INT_ID").Count;
        bench.Wait();
        bench.Wait();
        Assert.InRange(bench.Run.Exits(0, "pch_pic_read INT_ID").Count, served, served + 1);
        Assert.True(bench.Run.Exits(0, "mmio_read user").Count > 0);
    }

    private static void Close(BoundaryBench bench)
    {
        foreach (var device in VmInterrupts.Devices)
        {
            Assert.Equal(0, bench.Device(device, KvmIoctl.CloseDevice, 0, 0).Result);
        }

        Assert.Equal(0, bench.Vm(KvmIoctl.CloseVcpu, 0).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.CloseVm).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.CloseVcpu, 1).Result);
    }

    private static (long Result, ulong Value) Get(BoundaryBench bench, int word) =>
        bench.Device(KvmDeviceType.Eiointc, KvmIoctl.GetDeviceAttribute, EiointcUapi.RegistersGroup, EiointcUapi.AttributeOf((int)Enable + (4 * word)));

    private static ulong Pending(BoundaryBench bench) =>
        bench.State().Where(row => row.Key.Contains("COREISR64", StringComparison.Ordinal)).Select(row => row.Value).Aggregate(0UL, (all, row) => all | row);
}
