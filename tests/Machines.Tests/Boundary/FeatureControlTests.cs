using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Devices.LoongArch.Vm;
using Trapline.Machines.Boards;
using Trapline.Messages;
using Xunit;

namespace Trapline.Machines.Tests.Boundary;

/// <summary>Section 8.7 of the paravirtual IPI's specification through the boundary: the VMM restricts features before the first KVM_RUN.</summary>
public sealed class FeatureControlTests
{
    private const string Guest = """
        start:
            li   a0, 0x40000004
            cpucfg a1, a0
            mark features, a1
        stay:
            idle
            b stay
        """;

    [Theory]
    [InlineData(Paravirtualization.Final, 0x0100_000E)]
    [InlineData(Paravirtualization.None, 0x0100_000C)]
    [InlineData(Paravirtualization.V6, 0x2)]
    public void Every_vcpu_reads_what_the_vmm_has_left(Paravirtualization paravirt, ulong expected)
    {
        using var bench = new BoundaryBench(Guest, new MachineSettings { Paravirt = paravirt });
        Assert.All([0, 1], vcpu => Assert.Equal(expected, Assert.Single(bench.Run.Marks(vcpu, "features")).Value));
    }

    [Theory]
    [InlineData(0x0100_000E, 0)]
    [InlineData(0x0100_000C, Errno.InvalidArgument)]
    [InlineData(0x1, Errno.InvalidArgument)]
    public void Once_set_the_word_can_be_set_to_the_same_alone(ulong word, long result)
    {
        using var bench = new BoundaryBench(Guest);
        Close(bench);
        Assert.Equal(0, bench.Vm(KvmIoctl.CreateVm).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.CreateVcpu, 0).Result);
        Assert.Equal(0, bench.Vm(KvmIoctl.CreateVcpu, 1).Result);
        Assert.Equal(0, Set(bench, 0, 0x0100_000E));
        Assert.Equal(result, Set(bench, 1, word));
        Assert.Equal((0, 0x0100_000EUL), Vcpu(bench, 1, KvmIoctl.GetVcpuAttribute, ConfigurationWords.FeaturesIndex, 0, 8));
        Assert.Equal(Errno.BadAddress, Vcpu(bench, 1, KvmIoctl.GetVcpuAttribute, ConfigurationWords.FeaturesIndex, 0, 7).Result);
        Assert.Equal(Errno.BadAddress, Vcpu(bench, 0, KvmIoctl.SetVcpuAttribute, ConfigurationWords.FeaturesIndex, word, 4).Result);
        Assert.Equal(0, Vcpu(bench, 0, KvmIoctl.HasVcpuAttribute, ConfigurationWords.FeaturesIndex, 0, 0).Result);
        Assert.Equal(Errno.NoSuchAddress, Vcpu(bench, 0, KvmIoctl.HasVcpuAttribute, ConfigurationWords.SignatureIndex, 0, 0).Result);
    }

    private static long Set(BoundaryBench bench, int vcpu, ulong word) =>
        bench.Vm(KvmIoctl.SetVcpuAttribute, (ulong)vcpu, ConfigurationWords.FeaturesIndex, word, VcpuAttributes.ConfigurationGroup).Result;

    private static (long Result, ulong Value) Vcpu(BoundaryBench bench, int vcpu, KvmIoctl ioctl, ulong attribute, ulong value, ulong bytes) =>
        bench.Call(new ActorAddress(0, ActorRole.Vcpu, vcpu), (ulong)ioctl, attribute, value, bytes);

    private static void Close(BoundaryBench bench)
    {
        foreach (var device in VmInterrupts.Devices)
        {
            bench.Device(device, KvmIoctl.CloseDevice, 0, 0);
        }

        bench.Vm(KvmIoctl.CloseVcpu, 0);
        bench.Vm(KvmIoctl.CloseVcpu, 1);
        Assert.Equal(0, bench.Vm(KvmIoctl.CloseVm).Result);
    }
}
