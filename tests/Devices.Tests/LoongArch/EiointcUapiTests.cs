using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>EIOINTC's side of the user-space interface: the numbered vectors, then what they leave open.</summary>
public sealed class EiointcUapiTests
{
    private const uint Registers = EiointcUapi.RegistersGroup;
    private const uint Status = EiointcUapi.StatusGroup;
    private const uint Control = EiointcUapi.ControlGroup;

    /// <summary>Vectors 5 and 6 go to C0 by bitmap, 5 is pending there.</summary>
    private static readonly (int Offset, uint Value)[] PendingRestore =
        [(0x804, 0x00010100), (0x200, 0x60), (0x300, 0x20), (0x400, 0x20)];

    [Theory]
    [InlineData("kvm", 256, 0)]
    [InlineData("kvm", 257, Errno.InvalidArgument)]
    [InlineData("kvm-6.18", 256, 0)]
    [InlineData("kvm-6.18", 257, Errno.InvalidArgument)]
    [InlineData("kvm-6.16", 255, 0)]
    [InlineData("kvm-6.16", 256, Errno.InvalidArgument)]
    [InlineData("kvm-6.16", 257, Errno.InvalidArgument)]
    [InlineData("kvm-6.13", 257, 0)]
    public void A2_the_number_of_cpus_is_limited(string profile, uint count, int expected)
    {
        var bench = MachineBench.WithIds(profile, features: null);
        Assert.Equal(expected, bench.EiointcUapi.SetAttribute(Control, EiointcUapi.ControlInitializeCpuCount, count));
        Assert.Equal(expected == 0 ? count : 0, Get(bench, Status, EiointcUapi.StatusCpuCount));
    }

    [Theory]
    [InlineData("kvm", Errno.InvalidArgument)]
    [InlineData("kvm-6.18", Errno.InvalidArgument)]
    [InlineData("kvm-6.16", Errno.InvalidArgument)]
    [InlineData("kvm-6.13", 0)]
    public void A3_COREISR_of_a_cpu_beyond_the_number_is_EINVAL(string profile, int expected)
    {
        var bench = MachineBench.WithIds(profile, features: null);
        Assert.Equal(0, bench.EiointcUapi.SetAttribute(Control, EiointcUapi.ControlInitializeCpuCount, 2));
        Assert.Equal(expected, bench.EiointcUapi.GetAttribute(Registers, EiointcUapi.AttributeOf(0x400, 2), out _));
        Assert.Equal(expected, bench.EiointcUapi.SetAttribute(Registers, EiointcUapi.AttributeOf(0x400, 2), 1));
        Assert.Equal(0, bench.EiointcUapi.GetAttribute(Registers, EiointcUapi.AttributeOf(0x400, 1), out _));
    }

    [Fact]
    public void A3_before_the_number_is_given_no_cpu_has_a_COREISR()
    {
        var bench = MachineBench.WithIds(features: null);
        Assert.Equal(Errno.InvalidArgument, bench.EiointcUapi.GetAttribute(Registers, EiointcUapi.AttributeOf(0x400), out _));
    }

    [Theory]
    [InlineData("kvm", 2, 0xB)]
    [InlineData("kvm-6.18", 2, 0xB)]
    [InlineData("kvm-6.16", 2, 0xB)]
    [InlineData("kvm-6.13", 7, 0xF)]
    public void A4_number_and_features_cannot_be_changed_by_the_software_status(string profile, uint count, uint features)
    {
        var bench = MachineBench.WithIds(profile, features: 0xB);
        Assert.Equal(0, bench.EiointcUapi.SetAttribute(Status, EiointcUapi.StatusCpuCount, 7));
        Assert.Equal(0, bench.EiointcUapi.SetAttribute(Status, EiointcUapi.StatusFeatures, 0xF));
        Assert.Equal(count, Get(bench, Status, EiointcUapi.StatusCpuCount));
        Assert.Equal(features, Get(bench, Status, EiointcUapi.StatusFeatures));
    }

    [Fact]
    public void A5_what_does_not_exist_is_EINVAL()
    {
        var uapi = MachineBench.WithIds().EiointcUapi;
        foreach (var attribute in new ulong[] { 0, 1, 2, 3, 4 })
        {
            Assert.Equal(Errno.InvalidArgument, uapi.GetAttribute(Control, attribute, out _));
        }

        foreach (var group in new uint[] { 0, 0x40000001, 0x40000005 })
        {
            Assert.Equal(Errno.InvalidArgument, uapi.GetAttribute(group, 0, out _));
            Assert.Equal(Errno.InvalidArgument, uapi.SetAttribute(group, 0, 1));
        }

        foreach (var offset in new[] { 0x100, 0x09C, 0x0C8, 0x220, 0x420, 0x900, 0xFFFF })
        {
            Assert.Equal(Errno.InvalidArgument, uapi.GetAttribute(Registers, EiointcUapi.AttributeOf(offset), out _));
            Assert.Equal(Errno.InvalidArgument, uapi.SetAttribute(Registers, EiointcUapi.AttributeOf(offset), 1));
        }

        Assert.Equal(Errno.InvalidArgument, uapi.GetAttribute(Status, 3, out _));
        Assert.Equal(Errno.InvalidArgument, uapi.SetAttribute(Status, 3, 1));
    }

    [Theory]
    [InlineData(EiointcLoad.PendingHoldsLines, true)]
    [InlineData(EiointcLoad.RawByteIsCpuId, false)]
    public void A10_a_restored_vector_holds_its_line_unless_kvm_reads_the_raw_byte(EiointcLoad load, bool isHeld)
    {
        // ESTAT came back with HWI0 set: the line is high where nobody lowers it.
        var bench = MachineBench.WithIds();
        var uapi = new EiointcUapi(bench.Eiointc, 2, load);
        Restore(uapi, PendingRestore);
        Assert.Empty(bench.EiointcHost.Log);
        bench.In(6, 1);
        bench.In(6, 0);
        Assert.Equal(isHeld, !bench.EiointcHost.Log.Contains("pin 0 low"));
        Assert.Equal(0x20u, bench.Pending(0));
    }

    [Fact]
    public void A10_with_CPU_ENCODE_the_raw_byte_is_the_right_one()
    {
        var bench = MachineBench.WithIds(features: 0xF);
        var uapi = new EiointcUapi(bench.Eiointc, 2, EiointcLoad.RawByteIsCpuId);
        Assert.Equal(0, uapi.SetAttribute(Status, EiointcUapi.StatusState, 8));
        Restore(uapi, [(0x804, 0x00010100), (0x200, 0x60), (0x300, 0x20), (0x400, 0x20)], vcpu: 1);
        bench.In(6, 1);
        bench.In(6, 0);
        Assert.DoesNotContain("pin 8 low", bench.EiointcHost.Log);
    }

    [Theory]
    [InlineData("kvm")]
    [InlineData("kvm-6.18")]
    [InlineData("kvm-6.16")]
    public void A14_LOAD_FINISHED_before_the_cpu_ids_leaves_the_routes_at_vcpu_0(string profile)
    {
        var bench = new MachineBench(profile: LoongArchProfiles.Find(profile));
        Restore(bench.EiointcUapi, [(0x804, 0x0200)]);
        Assert.Equal(0, bench.Eiointc.RouteOf(5));

        bench.AssignIds();
        Assert.Equal(0, bench.Eiointc.RouteOf(5));
        Assert.Equal(0, bench.EiointcUapi.SetAttribute(Control, EiointcUapi.ControlLoadFinished, 0));
        Assert.Equal(1, bench.Eiointc.RouteOf(5));
    }

    [Fact]
    public void Features_without_bit_0_enable_the_device_at_once_and_others_do_not()
    {
        var bench = MachineBench.WithIds(features: null);
        Assert.Equal((0u, 0u), (Get(bench, Status, EiointcUapi.StatusFeatures), Get(bench, Status, EiointcUapi.StatusState)));
        Assert.Equal(0, bench.EiointcUapi.SetAttribute(Control, EiointcUapi.ControlInitializeFeatures, 0xB));
        Assert.Equal((0xBu, 0u), (Get(bench, Status, EiointcUapi.StatusFeatures), Get(bench, Status, EiointcUapi.StatusState)));
        Assert.Equal(0, bench.EiointcUapi.SetAttribute(Control, EiointcUapi.ControlInitializeFeatures, 0xA));
        Assert.Equal((0xAu, 2u), (Get(bench, Status, EiointcUapi.StatusFeatures), Get(bench, Status, EiointcUapi.StatusState)));
    }

    [Fact]
    public void Unknown_controls_do_nothing_and_say_success()
    {
        var bench = MachineBench.WithIds(features: 0xB);
        var before = RawState.Save(bench.Eiointc.SyncState);
        Assert.Equal(0, bench.EiointcUapi.SetAttribute(Control, 2, 7));
        Assert.Equal(0, bench.EiointcUapi.SetAttribute(Control, 99, 7));
        Assert.Equal(before, RawState.Save(bench.Eiointc.SyncState));
    }

    [Fact]
    public void Every_register_is_stored_raw_and_no_line_moves()
    {
        var bench = MachineBench.WithIds();
        int[] files = [0x0A0, 0x200, 0x280, 0x300, 0x400];
        var offsets = files.SelectMany(file => Enumerable.Range(0, 8).Select(word => file + (word * 4)))
            .Concat([0x0C0, 0x0C4])
            .Concat(Enumerable.Range(0, 64).Select(word => 0x800 + (word * 4)));
        foreach (var offset in offsets)
        {
            var attribute = EiointcUapi.AttributeOf(offset, offset >= 0x800 ? 999 : 1);
            var value = 0x9ABCDEF0u + (uint)offset;
            Assert.Equal(0, bench.EiointcUapi.SetAttribute(Registers, attribute | 3, value));
            Assert.Equal(0, bench.EiointcUapi.GetAttribute(Registers, attribute, out var read));
            Assert.Equal(value, read);
        }

        Assert.Empty(bench.EiointcHost.Log);
        Assert.Equal(0u, bench.Pending(0));
        Assert.Equal(0x9ABCDEF0u + 0x404, bench.Pending(1, 1));
        Assert.Equal(0ul, bench.Eiointc.ReadExits(0) + bench.Eiointc.WriteExits(0));
    }

    private static uint Get(MachineBench bench, uint group, ulong attribute)
    {
        Assert.Equal(0, bench.EiointcUapi.GetAttribute(group, attribute, out var value));
        return value;
    }

    private static void Restore(EiointcUapi uapi, (int Offset, uint Value)[] rows, int vcpu = 0)
    {
        foreach (var (offset, value) in rows)
        {
            Assert.Equal(0, uapi.SetAttribute(Registers, EiointcUapi.AttributeOf(offset, vcpu), value));
        }

        Assert.Equal(0, uapi.SetAttribute(Control, EiointcUapi.ControlLoadFinished, 0));
    }
}
