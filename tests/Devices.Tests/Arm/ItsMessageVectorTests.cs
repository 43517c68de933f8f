using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;
using static Trapline.Devices.Tests.Arm.ItsBench;

namespace Trapline.Devices.Tests.Arm;

/// <summary>Vectors V-K01 to V-K13 and V-K15 of spec gicv3-its: messages through KVM's interface.</summary>
public sealed class ItsMessageVectorTests
{
    [Fact]
    public void V_K01_a_message_is_delivered()
    {
        var bench = new ItsBench().Map();
        Assert.Equal(1, bench.Signal(20, 2));
        Assert.Equal("3:8195", bench.DeliverAll());
    }

    [Fact]
    public void V_K02_nothing_is_mapped() => Assert.Equal(0, new ItsBench().Map().Signal(21, 2));

    [Fact]
    public void V_K03_the_ITS_is_disabled()
    {
        var bench = new ItsBench().Map();
        Assert.Equal(1, bench.Signal(20, 2));
        bench.W32(0, 0);
        Assert.Equal(Errno.Busy, bench.Signal(20, 2));
    }

    [Fact]
    public void V_K04_V_K05_without_a_DeviceID_only_what_is_cached()
    {
        var bench = new ItsBench().Map();
        Assert.Equal(Errno.InvalidArgument, bench.Signal(20, 2, flags: 0));
        Assert.Equal("", bench.DeliverAll());
        Assert.Equal(1, bench.Signal(20, 2));
        Assert.Equal("3:8195", bench.DeliverAll());
        Assert.Equal(1, bench.Signal(20, 2, flags: 0));
        Assert.Equal("3:8195", bench.DeliverAll());
    }

    [Theory]
    [InlineData(0x0900_0000UL, Errno.InvalidArgument)]
    [InlineData(0x0808_0000UL, 1)]
    [InlineData(0x0809_FFFFUL, 1)]
    [InlineData(0x080A_0000UL, Errno.InvalidArgument)]
    [InlineData(0x0807_FFFFUL, Errno.InvalidArgument)]
    public void V_K06_any_address_of_the_ITS(ulong address, int expected) => Assert.Equal(expected, new ItsBench().Map().Signal(20, 2, address: address));

    [Fact]
    public void V_K07_unknown_flags() => Assert.Equal(Errno.InvalidArgument, new ItsBench().Map().Signal(20, 2, flags: 2));

    [Fact]
    public void V_K08_without_an_ITS() =>
        Assert.Equal(Errno.NoSuchDevice, new ItsBench(GicProfiles.Kvm, topology: GicTopology.Standard(4, hasIts: false)).Signal(20, 2));

    [Fact]
    public void V_K09_LPIs_of_the_target_are_off()
    {
        var bench = new ItsBench().Map();
        Assert.Equal(1, bench.Signal(20, 2));
        bench.Redistributor(3, 0, 0);
        Assert.Equal(Errno.Busy, bench.Signal(20, 2));
    }

    [Fact]
    public void V_K10_DISCARD_empties_the_cache()
    {
        var bench = Warm();
        Assert.Equal(0, bench.Send(Discard(2, 20)));
        Assert.Equal(0, bench.Signal(20, 2));
        Assert.Equal("", bench.DeliverAll());
    }

    [Fact]
    public void V_K11_MOVI_leads_elsewhere()
    {
        var bench = Warm();
        bench.Send(Movi(2, 20, 2));
        Assert.Equal(1, bench.Signal(20, 2));
        Assert.Equal("2:8195", bench.DeliverAll());
    }

    [Fact]
    public void V_K12_MAPC_leads_elsewhere_with_a_warm_cache()
    {
        var bench = Warm();
        bench.Send(Mapc(3, 1));
        Assert.Equal(1, bench.Signal(20, 2, flags: 0));
        Assert.Equal("1:8195", bench.DeliverAll());
    }

    [Fact]
    public void V_K13_a_collection_that_went()
    {
        var bench = Warm();
        bench.Send(Mapc(3, 0, valid: false));
        Assert.Equal(0, bench.Signal(20, 2));
    }

    [Fact]
    public void V_K15_a_DeviceID_of_more_than_16_bits()
    {
        var bench = new ItsBench().Map();
        Assert.Equal(0, bench.Signal(20, 0x1_2345));
        Assert.Equal(0, bench.Signal(0x1_0014, 2));
    }

    /// <summary>B10: what ends a mapping empties the cache, so that no later message finds it; flags 0 sees the cache alone.</summary>
    [Fact]
    public void Every_change_that_may_end_a_translation_empties_the_cache()
    {
        Action<ItsBench>[] changes =
        [
            bench => bench.Send(Discard(7, 255)),
            bench => bench.Send(Movi(7, 255, 3)),
            bench => bench.Send(Mapc(2, 0, valid: false)),
            bench => bench.Send(Mapc(0xFFFF, 0, valid: false)),
            bench => bench.Send(Movall(2, 1)),
            bench => bench.Send(Mapd(7, Itt(7), 7)),
            bench => bench.Redistributor(0, 0, 0),
            bench =>
            {
                bench.W32(0, 0);
                bench.W32(0, 1);
            },
        ];
        foreach (var change in changes)
        {
            var bench = Warm();
            change(bench);
            Assert.Equal(Errno.InvalidArgument, bench.Signal(20, 2, flags: 0));
        }
    }

    [Fact]
    public void What_ends_no_translation_leaves_the_cache()
    {
        var bench = Warm();
        bench.Send(Mapc(3, 3), Inv(2, 20), Invall(3), Mapti(2, 21, 8200, 3), Mapd(9, Itt(9), 7), Movall(1, 1), Sync(), Discard(2, 99), Clear(2, 20));
        Assert.Equal(1, bench.Signal(20, 2, flags: 0));
    }

    /// <summary>QEMU's doorbell is GITS_TRANSLATER, for devices and for CPUs; KVM's is none for CPUs.</summary>
    [Fact]
    public void A_store_of_a_CPU_to_the_doorbell()
    {
        foreach (var profile in GicProfiles.All)
        {
            var bench = new ItsBench(profile).Map();
            bench.Send(Mapd(0, Itt(10), 7), Mapti(0, 5, 8200, 3));
            bench.W32(0x1_0040, 5);
            Assert.Equal(bench.IsQemu ? "3:8200" : "", bench.DeliverAll());
            bench.Gic.Write(GicSpace.Its, 0, 0x1_0040, 2, 5);
            Assert.Equal(bench.IsQemu ? "3:8200" : "", bench.DeliverAll());
        }

        var qemu = Qemu.Map();
        Assert.Equal(Errno.InvalidArgument, qemu.Signal(20, 2));
        Assert.Equal(1, qemu.Signal(20, 2, address: 0x0809_0040));
    }

    /// <summary>The work of a message does not grow with the number of events, and each brings its LPI once.</summary>
    [Theory, InlineData("kvm"), InlineData("qemu-11")]
    public void A_message_costs_the_same_with_16_and_with_65536_events(string profile)
    {
        var (few, many) = (Measure(profile, 16), Measure(profile, 65_536));
        Assert.Equal(few, many);
        Assert.True(few.Reads + few.Writes <= (profile == "kvm" ? 0 : 10 * 16), $"{few} accesses to memory for 16 messages");
    }

    private static (long Reads, long Writes) Measure(string profile, int events)
    {
        var bench = new ItsBench(GicProfiles.Find(profile)!, vcpus: 16).SetUp();
        bench.SetQueue(0xFF);
        for (uint i = 0; i < 16; i++)
        {
            bench.Send(Mapc(i, i));
        }

        // Two devices, for LPIs end at 65,535; events share LPIs as they may.
        for (uint device = 0; device < 16; device++)
        {
            bench.Send(Mapd(device, 0x4800_0000 + (device * 0x10_0000), 15));
        }

        for (var i = 0; i < events; i++)
        {
            var interrupt = (uint)(8192 + (i % 57_344));
            bench.SetProperty(interrupt, 0xA3);
            bench.Send(Mapti((uint)i % 16, (uint)i / 16, interrupt, (uint)i % 16));
        }

        Assert.All(bench.Results, result => Assert.Equal(0, result));
        (bench.Ram.Reads, bench.Ram.Writes) = (0, 0);
        for (uint i = 0; i < 16; i++)
        {
            Assert.Equal(1, bench.Gic.SendMessage(0x0809_0040, 0, 1, i));
        }

        var cost = (bench.Ram.Reads, bench.Ram.Writes);
        Assert.Equal(string.Join(' ', Enumerable.Range(0, 16).Select(i => $"{i}:{8192 + i}")), bench.DeliverAll());
        return cost;
    }

    private static ItsBench Warm()
    {
        var bench = new ItsBench().Map();
        Assert.Equal(1, bench.Signal(20, 2));
        Assert.Equal(1, bench.Signal(255, 7));
        Assert.Equal("2:8196 3:8195", bench.DeliverAll());
        return bench;
    }
}
