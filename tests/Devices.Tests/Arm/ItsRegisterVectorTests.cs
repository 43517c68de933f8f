using Trapline.Devices.Arm.Its;
using Trapline.Devices.Arm.Profiles;
using static Trapline.Devices.Tests.Arm.ItsBench;

namespace Trapline.Devices.Tests.Arm;

/// <summary>Vectors V-R01 to V-R19 of spec gicv3-its, for KVM and for QEMU.</summary>
public sealed class ItsRegisterVectorTests
{
    public static TheoryData<string> Profiles => ["kvm", "qemu-11"];

    [Theory, InlineData("kvm", 0x1EF71UL, 0u), InlineData("qemu-11", 0x1F_0001_EFB1UL, 0x1Fu)]
    public void V_R01_the_type(string profile, ulong expected, uint high)
    {
        var bench = Bench(profile);
        Assert.Equal(expected, bench.R64(8));
        Assert.Equal((uint)expected, bench.R32(8));
        Assert.Equal(high, bench.R32(0xC));
    }

    [Theory, InlineData("kvm", 0x4B00_043Bu), InlineData("qemu-11", 0x43Bu)]
    public void V_R02_the_implementer_cannot_be_written(string profile, uint expected)
    {
        var bench = Bench(profile);
        Assert.Equal(expected, bench.R32(4));
        bench.W32(4, uint.MaxValue);
        Assert.Equal(expected, bench.R32(4));
    }

    [Theory, InlineData("kvm", 0x1907_0000_0000_0600UL, 0x1C07_0000_0000_0600UL), InlineData("qemu-11", 0x0107_0000_0000_0200UL, 0x0407_0000_0000_0200UL)]
    public void V_R03_reset(string profile, ulong devices, ulong collections)
    {
        var bench = Bench(profile);
        Assert.Equal(0x8000_0000u, bench.R32(0));
        Assert.Equal([0, 0, 0, devices, collections, 0, 0], new ulong[] { 0x80, 0x88, 0x90, 0x100, 0x108, 0x110, 0x138 }.Select(offset => bench.R64(offset)));
    }

    [Theory, InlineData("kvm", 0x9907_0000_4210_0200UL), InlineData("qemu-11", 0x8107_0000_4210_0000UL)]
    public void V_R04_a_device_table(string profile, ulong expected)
    {
        var bench = Bench(profile);
        bench.W64(0x100, 0x8000_0000_4210_0000);
        Assert.Equal(expected, bench.R64(0x100));
    }

    [Theory]
    [InlineData("kvm", 0xF907_FFFF_FFFF_FEFFUL, 0xBC07_FFFF_FFFF_FEFFUL)]
    [InlineData("qemu-11", 0xF9E7_FFFF_FFFF_FFFFUL, 0xFCE7_FFFF_FFFF_FFFFUL)]
    public void V_R05_all_ones_in_the_tables(string profile, ulong devices, ulong collections)
    {
        var bench = Bench(profile);
        bench.W64(0x100, ulong.MaxValue);
        bench.W64(0x108, ulong.MaxValue);
        Assert.Equal((devices, collections), (bench.R64(0x100), bench.R64(0x108)));
    }

    [Theory]
    [InlineData("kvm", 0x9800_0000_4200_0000UL, 0UL)]
    [InlineData("qemu-11", 0x8000_0000_4200_1000UL, 0x40UL)]
    public void V_R06_a_new_queue_resets_its_pointers(string profile, ulong queue, ulong write)
    {
        var bench = Bench(profile);
        bench.W64(0x80, 0x8000_0000_4200_0000);
        bench.W64(0x88, 0x40);
        Assert.Equal(0x40UL, bench.R64(0x88));
        bench.W64(0x80, 0x8000_0000_4200_1000);
        Assert.Equal((queue, write, 0UL), (bench.R64(0x80), bench.R64(0x88), bench.R64(0x90)));
    }

    [Theory, InlineData("kvm", 0x9907_0000_4210_0200UL), InlineData("qemu-11", 0x8107_0000_4210_0000UL)]
    public void V_R07_halves(string profile, ulong expected)
    {
        var bench = Bench(profile);
        bench.W32(0x100, 0x4210_0000);
        bench.W32(0x104, 0x8000_0000);
        Assert.Equal(expected, bench.R64(0x100));
    }

    [Theory, InlineData("kvm", false), InlineData("kvm", true), InlineData("qemu-11", false), InlineData("qemu-11", true)]
    public void V_R08_a_changed_device_table_drops_devices_an_unchanged_one_does_not(string profile, bool isChanged)
    {
        var bench = Bench(profile).SetUp();
        bench.Send(Mapd(2, Itt(2), 7), Mapc(3, 3), Mapti(2, 20, 8195, 3));
        bench.W32(0, 0);
        bench.W64(0x100, bench.R64(0x100) + (isChanged ? 1UL : 0));
        bench.W32(0, 1);
        var isDropped = isChanged && profile == "kvm";
        Assert.Equal(isDropped ? ItsErrors.IntUnmappedInterrupt : 0, bench.Send(Int(2, 20)));
        Assert.Equal(isDropped ? "" : "3:8195", bench.DeliverAll());
    }

    /// <summary>B5: from late 2017 to 2026 only a Valid that was cleared counted.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public void V_R08_older_kernels_keep_devices_of_a_table_that_stays_valid(bool staysValid)
    {
        var bench = new ItsBench(GicProfiles.Kvm with { BaserDropsOnlyWhenInvalid = true }).Map();
        bench.W32(0, 0);
        var table = bench.R64(0x100);
        bench.W64(0x100, staysValid ? table + 1 : table & ~(1UL << 63));
        bench.W64(0x100, table);
        bench.W32(0, 1);
        Assert.Equal(staysValid ? 0 : ItsErrors.IntUnmappedInterrupt, bench.Send(Int(2, 20)));
    }

    [Fact]
    public void A_changed_collection_table_takes_the_collections_of_events_for_ever()
    {
        var bench = new ItsBench().Map();
        bench.W32(0, 0);
        bench.W64(0x108, bench.R64(0x108) + 1);
        bench.W32(0, 1);
        Assert.Equal(ItsErrors.IntUnmappedInterrupt, bench.Send(Int(2, 20)));
        Assert.Equal(ItsErrors.IntUnmappedInterrupt, bench.Send(Mapc(3, 3), Int(2, 20)));
        Assert.Equal(ItsErrors.InvallUnmappedCollection, bench.Send(Invall(2)));
    }

    [Theory, InlineData(0x80UL), InlineData(0x100UL), InlineData(0x108UL), InlineData(0UL)]
    public void V_R09_no_enable_without_valid_tables(ulong without)
    {
        foreach (var profile in Profiles)
        {
            var bench = Bench(profile);
            foreach (var offset in new ulong[] { 0x80, 0x100, 0x108 }.Where(offset => offset != without))
            {
                bench.W64(offset, 0x8000_0000_4200_0000);
            }

            bench.W32(0, 1);
            Assert.Equal(without != 0 && profile == "kvm" ? 0x8000_0000u : 0x8000_0001u, bench.R32(0));
        }
    }

    [Theory, InlineData("kvm", 0UL), InlineData("qemu-11", 0x1000UL)]
    public void V_R10_a_write_pointer_outside_the_queue(string profile, ulong expected)
    {
        var bench = Bench(profile).SetUp();
        bench.W64(0x88, 0x1000);
        Assert.Equal((expected, 0UL), (bench.R64(0x88), bench.R64(0x90)));
        Assert.Empty(bench.Results);
    }

    [Theory, InlineData("kvm", 0x40UL), InlineData("qemu-11", 0x46UL)]
    public void V_R11_low_bits_of_the_write_pointer(string profile, ulong expected)
    {
        var bench = Bench(profile).SetUp();
        bench.W64(0x88, 0x47);
        Assert.Equal((expected, 0x40UL), (bench.R64(0x88), bench.R64(0x90)));
        Assert.Equal([-19, -19], bench.Results);
    }

    [Theory, InlineData("kvm", 0UL), InlineData("qemu-11", 0x60UL)]
    public void V_R12_the_read_pointer(string profile, ulong expected)
    {
        var bench = Bench(profile).SetUp();
        bench.W64(0x90, 0x60);
        Assert.Equal(expected, bench.R64(0x90));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_R13_tables_are_locked_while_enabled(string profile)
    {
        var bench = Bench(profile).SetUp();
        var before = (bench.R64(0x80), bench.R64(0x100), bench.R64(0x108));
        bench.W64(0x100, 0);
        bench.W32(0x10C, 0);
        bench.W64(0x80, 0);
        Assert.Equal(before, (bench.R64(0x80), bench.R64(0x100), bench.R64(0x108)));
    }

    [Theory, InlineData("kvm", 0x40u, 0x92u), InlineData("qemu-11", 0x44u, 0x94u)]
    public void V_R14_identification(string profile, uint pidr4, uint pidr0)
    {
        var bench = Bench(profile);
        Assert.Equal(
            [pidr4, pidr0, 0xB4, 0x3B, 0x0D, 0xF0, 0x05, 0xB1],
            new ulong[] { 0xFFD0, 0xFFE0, 0xFFE4, 0xFFE8, 0xFFF0, 0xFFF4, 0xFFF8, 0xFFFC }.Select(offset => bench.R32(offset)));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_R15_what_is_no_register_reads_zero(string profile)
    {
        var bench = Bench(profile);
        Assert.Equal(0UL, bench.Gic.Read(Devices.Arm.GicSpace.Its, 0, 8, 1));
        Assert.Equal(0UL, bench.Gic.Read(Devices.Arm.GicSpace.Its, 0, 8, 2));
        Assert.Equal(0UL, bench.R64(0));
        Assert.Equal(0u, bench.R32(0x18));
        Assert.Equal(0u, bench.R32(0x1_0040));
        Assert.Equal(0UL, bench.R64(0xFFD0));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_R16_commands_wait_for_the_enable(string profile)
    {
        var bench = Bench(profile).Map();
        bench.W32(0, 0);
        var read = bench.R64(0x90);
        bench.Send(Int(2, 20));
        Assert.Equal(profile == "kvm" ? 0u : 0x8000_0000u, bench.R32(0));
        Assert.Equal(read, bench.R64(0x90));
        Assert.Empty(bench.Results);
        bench.W32(0, 1);
        Assert.Equal(bench.R64(0x88), bench.R64(0x90));
        Assert.Equal(0x8000_0001u, bench.R32(0));
        Assert.Equal("3:8195", bench.DeliverAll());
    }

    [Fact]
    public void V_R17_tables_above_48_bits()
    {
        const ulong High = 0x000F_8000_1234_0000;
        var bench = new ItsBench();
        bench.Ram.Regions.Add((High, High + 0x10_0000));
        bench.W64(0x100, 0x8000_8000_1234_F000);
        Assert.Equal(0x9907_8000_1234_F200UL, bench.R64(0x100));

        // The spec's value keeps the page size and shareability that a driver reads first.
        bench.W64(0x100, 0x9907_8000_1234_F600);
        Assert.Equal(0x9907_8000_1234_F600UL, bench.R64(0x100));
        bench.W64(0x108, 0x8000_0000_4220_0000);
        bench.W64(0x80, 0x8000_0000_4200_0000);
        bench.W32(0, 1);
        bench.Ram[High + 16] = 0x1234;
        Assert.Equal(0, bench.Send(Mapd(2, 0, 0, valid: false)));
        Assert.Equal(0UL, bench.Ram[High + 16]);
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_R18_the_queue_wraps(string profile)
    {
        var bench = Bench(profile).Map();
        for (var i = 0; i < 128; i++)
        {
            bench.Send(Sync());
        }

        Assert.Equal(6 * 32UL, bench.R64(0x90));
        while (bench.R64(0x88) != 0)
        {
            bench.Send(Sync());
        }

        Assert.Equal(0UL, bench.R64(0x90));
        bench.Send(Int(2, 20));
        Assert.Equal(0x20UL, bench.R64(0x90));
        Assert.Equal("3:8195", bench.DeliverAll());
    }

    [Theory, MemberData(nameof(Profiles))]
    public void A_batch_may_wrap_in_the_middle(string profile)
    {
        var bench = Bench(profile).Map();
        while (bench.R64(0x88) != 0xFE0)
        {
            bench.Send(Sync());
        }

        bench.SendAtOnce(Int(2, 20), Int(7, 255));
        Assert.Equal((0x20UL, 0x20UL), (bench.R64(0x88), bench.R64(0x90)));
        Assert.Equal("2:8196 3:8195", bench.DeliverAll());
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_R19_a_batch_is_done_when_the_write_is(string profile)
    {
        var bench = Bench(profile).SetUp();
        bench.Send(Mapd(2, Itt(2), 7), Mapc(3, 3));
        bench.SendAtOnce([.. Enumerable.Range(0, 10).Select(i => Mapti(2, (uint)i, (uint)(8209 - i), 3)), .. Enumerable.Range(0, 10).Select(i => Int(2, (uint)i))]);
        Assert.Equal(bench.R64(0x88), bench.R64(0x90));
        Assert.Equal(Enumerable.Range(8200, 10).Select(i => (uint)i), bench.Deliver(3));
    }

    private static ItsBench Bench(string profile) => new(GicProfiles.Find(profile)!);
}
