using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Timer;
using Trapline.Devices.Common;
using Trapline.Messages;
using R = Trapline.Devices.Arm.Cpu.SgiFrameRegisters;

namespace Trapline.Devices.Tests.Arm;

/// <summary>A vCPU's half of the GIC, and its own registers, as KVM's user space reaches them (spec gicv3-its 9.3).</summary>
public sealed class CpuUapiTests
{
    private readonly CpuBench _bench = new CpuBench(1).Prepared();
    private readonly GicCpuUapi _uapi;

    public CpuUapiTests() => _uapi = new GicCpuUapi(_bench.Cpus[0]);

    [Fact]
    public void V_C27_registers_that_user_space_cannot_have_so()
    {
        Assert.Equal(Errno.InvalidArgument, _uapi.SetSystemRegister(0xC665, 6));
        Assert.Equal(Errno.InvalidArgument, _uapi.SetSystemRegister(0xC664, 7 << 8));
        Assert.Equal(Errno.InvalidArgument, _uapi.GetSystemRegister(0xC645, out _));
        Assert.Equal(Errno.NoSuchAddress, _uapi.GetSystemRegister(0xC660, out _));
    }

    [Fact]
    public void Every_register_that_user_space_has_reads_as_written()
    {
        (ushort Attribute, ulong Value)[] rows =
        [
            (0xC230, 0x98), (0xC643, 5), (0xC644, 0x8000_0001), (0xC648, 0x0101_0100), (0xC663, 6), (0xC664, 0x8C02), (0xC665, 7), (0xC666, 1), (0xC667, 0),
        ];
        Assert.All(rows, row =>
        {
            Assert.Equal(Errno.Success, _uapi.SetSystemRegister(row.Attribute, row.Value));
            Assert.Equal(Errno.Success, _uapi.GetSystemRegister(row.Attribute, out var value));
            Assert.Equal(row.Value, value);
        });
    }

    [Fact]
    public void What_CTLR_says_of_the_host_can_become_less_and_never_more()
    {
        Assert.All(new[] { 0x8D00u, 0x9400u, 0x0C00u, 0xCC00u }, wrong => Assert.Equal(Errno.InvalidArgument, _uapi.SetSystemRegister(0xC664, wrong)));
        Assert.Equal(0x8C00ul, _bench.Read(0, IccRegister.Ctlr));
        Assert.Equal(Errno.Success, _uapi.SetSystemRegister(0xC664, 0x8301));
        Assert.Equal(0x8301ul, _bench.Read(0, IccRegister.Ctlr));
        Assert.Equal(Errno.InvalidArgument, _uapi.SetSystemRegister(0xC664, 0x8C00));
    }

    [Fact]
    public void With_a_common_binary_point_BPR1_is_not_written()
    {
        _uapi.SetSystemRegister(0xC664, 0x8C01);
        Assert.Equal(Errno.Success, _uapi.SetSystemRegister(0xC663, 6));
        _uapi.GetSystemRegister(0xC663, out var value);
        Assert.Equal(3ul, value);
    }

    [Theory, InlineData(0xC640), InlineData(0xC641), InlineData(0xC642), InlineData(0xC659), InlineData(0xC65B), InlineData(0xC65D), InlineData(0xC661), InlineData(0), InlineData(0xFFFF)]
    public void Other_registers_do_not_exist_there(ushort attribute)
    {
        _bench.Hand(0, 40);
        Assert.Equal(Errno.NoSuchAddress, _uapi.GetSystemRegister(attribute, out var value));
        Assert.Equal((0ul, Errno.NoSuchAddress), (value, _uapi.SetSystemRegister(attribute, 1)));
        Assert.Equal([40], _bench.Deliver(0));
    }

    /// <summary>V-S16 and V-S17 for private interrupts.</summary>
    [Fact]
    public void Pending_registers_are_the_latches()
    {
        _bench.Cpus[0].DrivePpi(23, true);
        _bench.Write(0, IccRegister.Sgi1R, 0x0300_0001);
        Assert.Equal((8u, 0u), (_uapi.GetFrame((uint)R.SetPending), _uapi.GetFrame((uint)R.ClearPending)));
        _uapi.SetFrame((uint)R.SetPending, 0x10);
        Assert.Equal((0x10u, 0x0080_0010u), (_uapi.GetFrame((uint)R.SetPending), _bench.ReadFrame(0, R.SetPending)));
        _uapi.SetFrame((uint)R.ClearPending, uint.MaxValue);
        Assert.Equal(0x10u, _uapi.GetFrame((uint)R.SetPending));
        Assert.Equal([4], _bench.Deliver(0));
    }

    [Fact]
    public void Other_registers_of_the_frame_are_as_for_the_guest_and_nothing_is_reported()
    {
        _bench.Hosts[0].Reports.Clear();
        _uapi.SetFrame((uint)R.ClearEnable, uint.MaxValue);
        _uapi.SetFrame((uint)R.SetEnable, 0x30);
        _uapi.SetFrame((uint)R.SetActive, 3);
        _uapi.SetFrame((uint)R.ClearActive, 1);
        _uapi.SetFrame((uint)R.Group, 0xFFFF_FFF0);
        _uapi.SetFrame((uint)R.Priority + 4, 0x1122_3344);
        _uapi.SetFrame(0x104, 1);
        _uapi.SetFrame(0x101, 1);
        Assert.Equal((0x30u, 0x30u, 2u, 0xFFFF_FFF0), (_uapi.GetFrame((uint)R.SetEnable), _uapi.GetFrame((uint)R.ClearEnable), _uapi.GetFrame((uint)R.SetActive), _uapi.GetFrame((uint)R.Group)));
        Assert.Equal((0x1020_3040u, 0xAAAA_AAAA, 0u, 0u), (_uapi.GetFrame((uint)R.Priority + 4), _uapi.GetFrame((uint)R.SgiConfiguration), _uapi.GetFrame(0x104), _uapi.GetFrame(0x101)));
        Assert.Empty(_bench.Hosts[0].Reports);
    }

    /// <summary>V-S15 for private interrupts.</summary>
    [Fact]
    public void Levels_are_those_of_PPIs()
    {
        _bench.WriteFrame(0, R.SetEnable, 1u << 23);
        _uapi.SetLineLevels(uint.MaxValue);
        Assert.Equal(0xFFFF_0000, _uapi.GetLineLevels());
        _uapi.SetLineLevels(1u << 23);
        Assert.Equal((1u << 23, 23), (_uapi.GetLineLevels(), _bench.Acknowledge(0)));
        _uapi.SetLineLevels(0);
        _bench.End(0, 23);
        Assert.False(_bench.Cpus[0].IrqLine);
    }

    /// <summary>V-M25 for an SGI: active state and AP1R0 are restored, and the end is as if nothing had been.</summary>
    [Fact]
    public void V_M25_an_active_SGI_is_ended_where_it_was_restored()
    {
        _bench.Write(0, IccRegister.Sgi1R, 0x0300_0001);
        Assert.Equal(3, _bench.Acknowledge(0));
        var target = new CpuBench(1);
        var uapi = new GicCpuUapi(target.Cpus[0]);
        uapi.SetFrame((uint)R.ClearEnable, uint.MaxValue);
        foreach (var offset in new[] { R.Group, R.SetEnable, R.SetPending, R.SetActive, R.Priority, R.Priority + 4 })
        {
            uapi.SetFrame((uint)offset, _uapi.GetFrame((uint)offset));
        }

        foreach (var register in new ushort[] { 0xC665, 0xC664, 0xC230, 0xC643, 0xC663, 0xC644, 0xC648, 0xC666, 0xC667 })
        {
            _uapi.GetSystemRegister(register, out var value);
            Assert.Equal(Errno.Success, uapi.SetSystemRegister(register, value));
        }

        Assert.Equal((8u, 0xA0ul), (target.ReadFrame(0, R.SetActive), target.Read(0, IccRegister.Rpr)));
        target.End(0, 3);
        Assert.Equal((0u, 0xFFul, 0ul), (target.ReadFrame(0, R.SetActive), target.Read(0, IccRegister.Rpr), target.Read(0, IccRegister.Ap1R0)));
    }

    [Fact]
    public void Ids_of_one_register_are_those_of_the_kernel()
    {
        Assert.Equal(0x6030_0000_0010_0000ul, ArmOneRegister.OfGeneral(0));
        Assert.Equal(0x6030_0000_0010_003Cul, ArmOneRegister.OfGeneral(30));
        Assert.Equal(0x6030_0000_0010_003Eul, ArmOneRegister.StackPointer);
        Assert.Equal(0x6030_0000_0010_0040ul, ArmOneRegister.ProgramCounter);
        Assert.Equal(0x6030_0000_0010_0042ul, ArmOneRegister.Status);
        Assert.Equal(0x6030_0000_0010_0044ul, ArmOneRegister.StackPointerEl1);
        Assert.Equal(0x6030_0000_0010_0046ul, ArmOneRegister.ReturnAddress);
        Assert.Equal(0x6030_0000_0010_0048ul, ArmOneRegister.SavedStatus);
        Assert.Equal(0x6030_0000_0013_C600ul, ArmOneRegister.OfSystem(SystemRegister.VbarEl1));
        Assert.Equal(0x6030_0000_0013_DF1Aul, ArmOneRegister.VirtualCounter);
        Assert.Equal(0x6030_0000_0013_DF02ul, ArmOneRegister.VirtualCompare);
        Assert.Equal((true, 30), (ArmOneRegister.TryGetGeneral(ArmOneRegister.OfGeneral(30), out var number), number));
        Assert.False(ArmOneRegister.TryGetGeneral(ArmOneRegister.StackPointer, out _));
        Assert.False(ArmOneRegister.TryGetGeneral(ArmOneRegister.OfGeneral(3) + 1, out _));
        Assert.Equal((true, SystemRegister.VbarEl1), (ArmOneRegister.TryGetSystem(0x6030_0000_0013_C600, out var encoding), encoding));
        Assert.Throws<ArgumentOutOfRangeException>(() => ArmOneRegister.OfGeneral(31));
    }

    [Fact]
    public void Every_register_of_the_CPU_goes_through_one_register()
    {
        var cpu = NewCpu();
        var uapi = new ArmCpuUapi(cpu.State, cpu.Timer);
        (ulong Id, ulong Value)[] rows =
        [
            (ArmOneRegister.Status, 0x8000_0305), (ArmOneRegister.StackPointer, 0x1234), (ArmOneRegister.ReturnAddress, 0x77), (ArmOneRegister.SavedStatus, 0x3C5),
            (ArmOneRegister.VirtualCounter, 0x5000), (ArmOneRegister.PhysicalCounter, 0x6000), (ArmOneRegister.VirtualCompare, 0x7000), (ArmOneRegister.VirtualControl, 1),
            (ArmOneRegister.PhysicalCompare, 0x8000), (ArmOneRegister.PhysicalControl, 3), (ArmOneRegister.OfSystem(SystemRegister.VbarEl1), 0x4000_0800),
            (ArmOneRegister.OfSystem(SystemRegister.EsrEl1), 0x5600_0000), (ArmOneRegister.OfSystem(SystemRegister.FarEl1), 0xBAD), (ArmOneRegister.OfSystem(SystemRegister.CntkctlEl1), 3),
            (ArmOneRegister.OfSystem(SystemRegister.TpidrEl1), ulong.MaxValue), (ArmOneRegister.OfSystem(SystemRegister.WorkEl1), 99), (ArmOneRegister.OfSystem(SystemRegister.MpidrEl1), 0x8000_0003),
        ];
        Assert.All(rows, row =>
        {
            Assert.Equal(Errno.Success, uapi.SetOneRegister(row.Id, row.Value, VirtualTime.FromNanoseconds(5_000)));
            Assert.Equal(Errno.Success, uapi.GetOneRegister(row.Id, VirtualTime.FromNanoseconds(5_000), out var value));
            Assert.Equal(row.Value, value);
        });
        Assert.Equal((0x7000ul, 0x5000ul), (Read(cpu, SystemRegister.CntvCvalEl0, 5_000), Read(cpu, SystemRegister.CntvctEl0, 5_000)));
        Assert.Equal(Errno.InvalidArgument, uapi.SetOneRegister(ArmOneRegister.OfSystem(SystemRegister.MpidrEl1), 0, VirtualTime.Zero));
        Assert.Equal(Errno.InvalidArgument, uapi.SetOneRegister(ArmOneRegister.Status, 9, VirtualTime.Zero));
        Assert.All(
            new[] { ArmOneRegister.OfSystem(SystemRegister.Daif), ArmOneRegister.OfSystem(0xC660), ArmOneRegister.OfSystem(SystemRegister.CntfrqEl0), ArmOneRegister.OfGeneral(0), 0ul },
            none => Assert.Equal((Errno.NoSuchEntry, Errno.NoSuchEntry), (uapi.GetOneRegister(none, VirtualTime.Zero, out _), uapi.SetOneRegister(none, 0, VirtualTime.Zero))));
    }

    private static ArmCpu NewCpu() => new(new Laws.GicCpuHost(new Laws.LawWorld()), Devices.Arm.Profiles.GicProfiles.Kvm, 3, GenericTimer.DefaultTick);

    private static ulong Read(ArmCpu cpu, ushort encoding, long nanoseconds)
    {
        Assert.True(cpu.TryReadRegister(encoding, VirtualTime.FromNanoseconds(nanoseconds), out var value));
        return value;
    }
}
