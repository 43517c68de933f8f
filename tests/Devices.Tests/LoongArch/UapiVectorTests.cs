using Trapline.Devices.Common;
using Trapline.Devices.LoongArch;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Messages;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>The numbered vectors of the user-space interface to IPI and CPU, as KVM of Linux 7.0 answers them.</summary>
public sealed class UapiVectorTests
{
    private const uint Group = IpiUapi.RegistersGroup;
    private static readonly ulong EstatId = OneRegister.OfCsr(Csr.Estat);

    private readonly MachineBench _bench = MachineBench.WithIds();

    [Fact]
    public void A8_an_unknown_ipi_attribute_or_vcpu_is_EINVAL()
    {
        Assert.Equal(Errno.InvalidArgument, _bench.IpiUapi.SetAttribute(Group, IpiUapi.AttributeOf(0, 0x24), 1));
        Assert.Equal(Errno.InvalidArgument, _bench.IpiUapi.GetAttribute(Group, IpiUapi.AttributeOf(0, 0x24), out _));
        Assert.Equal(Errno.InvalidArgument, _bench.IpiUapi.SetAttribute(Group, IpiUapi.AttributeOf(9, 0x00), 1));
        Assert.Equal(Errno.InvalidArgument, _bench.IpiUapi.GetAttribute(Group, IpiUapi.AttributeOf(9, 0x00), out _));
        Assert.Equal(Errno.InvalidArgument, _bench.IpiUapi.SetAttribute(Group + 1, IpiUapi.AttributeOf(0, 0x00), 1));
        Assert.Equal(0u, _bench.Cpus[0].Ipi.Status);
    }

    [Fact]
    public void A9_a_raw_STATUS_raises_no_line_and_neither_does_an_ipi_after_it()
    {
        Assert.Equal(0, _bench.IpiUapi.SetAttribute(Group, IpiUapi.AttributeOf(1, 0x00), 1));
        Assert.Equal("{}", _bench.Lines(1));
        _bench.Write4(0, 0x1040, 0x80010003);
        Assert.Equal(9u, _bench.Read4(1, 0x1000));
        Assert.Equal("{}", _bench.Lines(1));
    }

    [Fact]
    public void A11_setting_ESTAT_only_ever_adds_bits()
    {
        Assert.Equal(0, _bench.Uapi[0].SetOneRegister(EstatId, 0x1000, VirtualTime.Zero));
        Assert.Equal(0, _bench.Uapi[0].SetOneRegister(EstatId, 0, VirtualTime.Zero));
        Assert.Equal(0x1000ul, GetEstat());
    }

    [Fact]
    public void A12_KVM_INTERRUPT_queues_and_dequeues_and_reading_ESTAT_flushes()
    {
        Assert.Equal(0, _bench.Uapi[0].Interrupt(3));
        Assert.Equal(0ul, _bench.Cpus[0].Interrupts.ReadCsr(Csr.Estat));
        Assert.Equal(8ul, GetEstat());
        Assert.Equal(8ul, _bench.Cpus[0].Interrupts.ReadCsr(Csr.Estat));
        Assert.Equal(0, _bench.Uapi[0].Interrupt(-3));
        Assert.Equal(0ul, GetEstat());
        Assert.Equal(Errno.InvalidArgument, _bench.Uapi[0].Interrupt(0));
    }

    [Fact]
    public void A13_a_cpu_id_is_given_once_and_to_one_vcpu()
    {
        var bench = new MachineBench();
        Assert.Equal(256ul, GetCpuId(bench, 0));
        Assert.Equal(0, SetCpuId(bench, 0, 1));
        Assert.Equal(Errno.InvalidArgument, SetCpuId(bench, 0, 2));
        Assert.Equal(Errno.InvalidArgument, SetCpuId(bench, 1, 1));
        Assert.Equal(Errno.InvalidArgument, SetCpuId(bench, 1, 256));
        Assert.Equal(1ul, GetCpuId(bench, 0));
        Assert.Equal(256ul, GetCpuId(bench, 1));
        Assert.Equal(1ul, bench.Cpus[0].Csrs.ReadCsr(Csr.CpuId, VirtualTime.Zero));
    }

    [Fact]
    public void A15_a_line_that_rises_and_falls_between_two_entries_is_never_seen()
    {
        var cpu = _bench.Cpus[0];
        cpu.Interrupts.WriteCsr(Csr.Ecfg, 0x1FFF);
        Assert.Equal(0, _bench.Uapi[0].Interrupt(2));
        Assert.True(cpu.Interrupts.WakesBlocked);
        Assert.Equal(0, _bench.Uapi[0].Interrupt(-2));
        Assert.False(cpu.Interrupts.WakesBlocked);
        cpu.Csrs.EnterGuest(VirtualTime.Zero);
        Assert.False(cpu.Interrupts.WakesIdle);
        Assert.Equal(0ul, cpu.Interrupts.ReadCsr(Csr.Estat));
        Assert.Equal([new DeviceReport(ReportKind.Withdrawn, CpuLines.Hwi0, 0)], cpu.CsrHost.Reports);
    }

    [Fact]
    public void KVM_INTERRUPT_beyond_the_lines_is_EINVAL()
    {
        foreach (var number in new[] { 13, -13, 64, int.MaxValue, int.MinValue })
        {
            Assert.Equal(Errno.InvalidArgument, _bench.Uapi[0].Interrupt(number));
        }

        Assert.False(_bench.Cpus[0].Interrupts.HasQueued);
    }

    [Fact]
    public void ESTAT_is_set_in_two_parts_and_read_as_one()
    {
        Assert.Equal(0, _bench.Uapi[0].SetOneRegister(EstatId, 0x000B_1403 | (0x81 << 2), VirtualTime.Zero));
        Assert.Equal(0x000B_1403ul | (0x81 << 2), GetEstat());
        Assert.Equal(0x81ul, RawState.List(_bench.Cpus[0].Interrupts.SyncState).Single(row => row.Key == "GINTC.VIP").Value);
    }

    [Fact]
    public void Vcpu_reset_empties_the_queue_and_clears_ESTAT_which_no_set_can()
    {
        var uapi = _bench.Uapi[0];
        Assert.Equal(0, uapi.SetOneRegister(EstatId, 0x1008, VirtualTime.Zero));
        Assert.Equal(0, uapi.Interrupt(4));
        Assert.Equal(0, uapi.SetOneRegister(OneRegister.VcpuReset, 0, VirtualTime.Zero));
        Assert.Equal(0ul, GetEstat());
        Assert.Equal(0ul, GetCpuId(_bench, 0));
    }

    [Fact]
    public void Every_ipi_register_is_stored_raw_in_its_width()
    {
        foreach (var register in new[] { 0x00, 0x04, 0x08, 0x0C, 0x20, 0x28, 0x30, 0x38 })
        {
            var attribute = IpiUapi.AttributeOf(1, register);
            var value = 0x1122334455667788ul + (ulong)register;
            Assert.Equal(0, _bench.IpiUapi.SetAttribute(Group, attribute, value));
            Assert.Equal(0, _bench.IpiUapi.GetAttribute(Group, attribute, out var read));
            Assert.Equal(register < 0x20 ? 4 : 8, IpiUapi.WidthOf(attribute));
            Assert.Equal(register < 0x20 ? (uint)value : value, read);
        }

        Assert.Empty(_bench.Cpus[1].IpiHost.Log);
        Assert.Equal(0ul, _bench.Cpus[1].Ipi.ReadExits + _bench.Cpus[1].Ipi.WriteExits);
        Assert.Equal(0u, _bench.Read4(1, 0x1008));
        Assert.Equal(0x1122334455667788ul + 0x28, _bench.Read8(1, 0x1028));
    }

    [Fact]
    public void An_unknown_register_id_is_EINVAL()
    {
        ulong[] ids = [0, OneRegister.OfCsr(0x0D), OneRegister.OfCsr(Csr.Era) | 1, OneRegister.OfCsr(Csr.Era) ^ (1ul << 60), ulong.MaxValue];
        foreach (var id in ids)
        {
            Assert.Equal(Errno.InvalidArgument, _bench.Uapi[0].SetOneRegister(id, 1, VirtualTime.Zero));
            Assert.Equal(Errno.InvalidArgument, _bench.Uapi[0].GetOneRegister(id, VirtualTime.Zero, out _));
        }
    }

    [Fact]
    public void Register_ids_are_those_of_the_kernel_header()
    {
        Assert.Equal(0x9030_0000_0001_0028ul, EstatId);
        Assert.Equal(0x9030_0000_0002_0002ul, OneRegister.VcpuReset);
    }

    private static int SetCpuId(MachineBench bench, int vcpu, ulong value) =>
        bench.Uapi[vcpu].SetOneRegister(OneRegister.OfCsr(Csr.CpuId), value, VirtualTime.Zero);

    private static ulong GetCpuId(MachineBench bench, int vcpu)
    {
        Assert.Equal(0, bench.Uapi[vcpu].GetOneRegister(OneRegister.OfCsr(Csr.CpuId), VirtualTime.Zero, out var value));
        return value;
    }

    private ulong GetEstat()
    {
        Assert.Equal(0, _bench.Uapi[0].GetOneRegister(EstatId, VirtualTime.Zero, out var value));
        return value;
    }
}
