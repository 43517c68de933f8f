using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Its;
using Trapline.Devices.Arm.Profiles;
using static Trapline.Devices.Tests.Arm.ItsBench;

namespace Trapline.Devices.Tests.Arm;

/// <summary>Guests and user spaces that mean no good: never an exception, an endless loop or unbounded memory.</summary>
public sealed class ItsFuzzTests
{
    private static readonly ulong[] Addresses =
    [
        Queue, DeviceTable, CollectionTable, Properties, 0x4250_0000, 0x4FFF_F000, 0x4FFF_0000, 0, 0x5000_0000, 0x000F_FFFF_FFFF_0000, 0x4300_0000, 0x4230_0100,
    ];

    public static TheoryData<string, int> Runs => new(
        from profile in GicProfiles.All
        from seed in Enumerable.Range(1, 6)
        select new TheoryDataRow<string, int>(profile.Name, seed));

    [Theory, MemberData(nameof(Runs))]
    public void Random_commands_registers_and_memory(string profile, int seed)
    {
        var random = new Random(seed);
        var bench = new ItsBench(GicProfiles.Find(profile)!).Map();
        for (var i = 0; i < 20_000; i++)
        {
            switch (random.Next(16))
            {
                case 0:
                    Register(bench, random);
                    break;
                case 1:
                    _ = bench.Ram.TryWrite(Address(random) & ~7UL, 8, Word(random));
                    break;
                case 2:
                    _ = bench.Signal((uint)random.Next(300), (uint)random.Next(10), (uint)random.Next(4), Doorbell + 0x1_0000);
                    break;
                case 3:
                    _ = bench.Deliver(random.Next(4));
                    break;
                case 4:
                    bench.Redistributor(random.Next(4), 0, random.Next(4) == 0 ? 0u : 1);
                    break;
                case 5 when random.Next(20) == 0:
                    UserSpace(bench, random);
                    break;
                case 6 when random.Next(50) == 0:
                    bench.Results.Clear();
                    bench.W32(ItsOffsets.Control, 0);
                    bench.Map();
                    break;
                case 7 when random.Next(40) == 0:
                    // The whole queue, of whatever it holds.
                    bench.W64(ItsOffsets.QueueWrite, (bench.R64(ItsOffsets.QueueRead) - 32) & 0xFFE0);
                    break;
                default:
                    Send(bench, random);
                    break;
            }
        }

        Assert.True(bench.Results.Count > 0);
        RawState.Copy(bench.Gic.SyncState, new ItsBench(bench.Gic.Profile).Gic.SyncState);
    }

    [Fact]
    public void Mappings_of_65536_events_come_and_go()
    {
        var bench = new ItsBench().SetUp();
        bench.SetQueue(0xFF);
        bench.Redistributor(0, 0x70, 0x4240_000F, 8);
        Assert.Equal(0, bench.Send(Mapd(2, 0x4800_0000, 15), Mapc(3, 3)));
        for (var round = 0; round < 2; round++)
        {
            for (uint i = 0; i < 65_536; i++)
            {
                Assert.Equal(0, bench.Send(Mapti(2, i, 8192 + (i % 57_344), 3)));
            }

            Assert.Equal(0, bench.Send(Int(2, 65_535)));
            for (uint i = 0; i < 65_536 && round == 0; i++)
            {
                Assert.Equal(0, bench.Send(Discard(2, i)));
            }

            bench.Results.Clear();
        }

        // The table of the device goes whole, and with it all rows of events and LPIs.
        bench.Send(Mapd(2, 0, 0, valid: false));
        Assert.Equal("", bench.DeliverAll());
        var rows = RawState.List(bench.Gic.SyncState);
        Assert.DoesNotContain(rows, row => row.Key.Contains("event[", StringComparison.Ordinal) || row.Key.Contains("lpi[", StringComparison.Ordinal));
    }

    [Fact]
    public void Devices_of_all_ids()
    {
        var bench = new ItsBench().SetUp();
        bench.W32(0, 0);
        bench.W64(ItsOffsets.TableBase, 0x8000_0000_4210_0207);
        bench.SetQueue(0xFF);
        for (uint i = 0; i < 65_536; i++)
        {
            Assert.Equal(0, bench.Send(Mapd(i, 0x4800_0000, 15)));
        }

        Assert.Equal(ItsErrors.MapdDeviceOutOfRange, bench.Send(Mapd(65_536, 0x4800_0000, 15)));
        bench.W32(0, 0);
        bench.W64(ItsOffsets.TableBase, 0x8000_0000_4210_0206);
        bench.W32(0, 1);
        Assert.Equal(ItsErrors.MaptiUnmappedDevice, bench.Send(Mapti(9, 0, 8192, 0)));
    }

    /// <summary>The limit that is ours: one guest does not take all memory of the host.</summary>
    [Fact]
    public void Events_have_a_limit()
    {
        var bench = new ItsBench().SetUp();
        bench.SetQueue(0xFF);
        Assert.Equal(0, bench.Send(Mapc(0, 0)));
        for (uint device = 0; device < 4; device++)
        {
            bench.Results.Clear();
            Assert.Equal(0, bench.Send(Mapd(device, 0x4800_0000, 15)));
            for (uint i = 0; i < 65_536; i++)
            {
                _ = bench.Send(Mapti(device, i, 8192, 0));
            }

            Assert.All(bench.Results, result => Assert.Equal(0, result));
        }

        Assert.Equal(-12, bench.Send(Mapd(4, 0x4800_0000, 15), Mapti(4, 0, 8192, 0)));
        Assert.Equal(0, bench.Send(Discard(0, 0), Mapti(4, 0, 8192, 0)));
    }

    /// <summary>B36: an LPI that is unmapped and mapped in a loop with messages in between.</summary>
    [Theory, InlineData("kvm"), InlineData("qemu-11")]
    public void Mapping_and_unmapping_in_a_loop(string profile)
    {
        var bench = new ItsBench(GicProfiles.Find(profile)!).Map();
        for (var i = 0; i < 1000; i++)
        {
            _ = bench.Signal(20, 2, address: Doorbell + 0x1_0000);
            Assert.Equal(0, bench.Send(Discard(2, 20), Mapti(2, 20, 8195, 3)));
            Assert.Equal("", bench.DeliverAll());
            _ = bench.Signal(20, 2, address: 0x0809_0040);
            Assert.Equal("3:8195", bench.DeliverAll());
        }
    }

    private static void Send(ItsBench bench, Random random)
    {
        var opcode = random.Next(8) == 0 ? (uint)random.Next(256) : new uint[] { 1, 3, 4, 5, 8, 9, 0xA, 0xB, 0xC, 0xD, 0xE, 0xF }[random.Next(12)];
        var device = (ulong)(random.Next(4) == 0 ? random.Next() : random.Next(10));
        var eventId = (ulong)(random.Next(6) == 0 ? random.Next() : random.Next(30));
        var interrupt = (ulong)(random.Next(6) == 0 ? random.Next() : 8190 + random.Next(30));
        var word2 = (random.Next(2) == 0 ? 0 : 1UL << 63) | (uint)random.Next(6) | ((uint)random.Next(6) << 16);
        word2 = opcode == 8 ? ((ulong)(uint)random.Next(4) << 62) | (Address(random) & 0x000F_FFFF_FFFF_FF00) : word2;
        var command = random.Next(20) == 0
            ? new ItsCommand(Word(random), Word(random), Word(random), Word(random))
            : new ItsCommand((device << 32) | opcode, opcode == 8 ? (uint)random.Next(32) : eventId | (interrupt << 32), word2, (uint)random.Next(6) << 16);
        if (bench.Ram.IsRam((bench.R64(ItsOffsets.QueueBase) & 0x000F_FFFF_FFFF_F000) + 0x10_0000))
        {
            bench.W32(ItsOffsets.QueueWrite, (uint)bench.R64(ItsOffsets.QueueWrite) & 0xF_FFE0);
            _ = bench.Send(command);
        }
    }

    private static void Register(ItsBench bench, Random random)
    {
        var offset = random.Next(3) switch
        {
            0 => new ulong[] { 0, 0x80, 0x88, 0x90, 0x100, 0x108 }[random.Next(6)],
            1 => (uint)random.Next(0x140),
            _ => (uint)random.Next(0x2_0000),
        };
        var value = random.Next(2) == 0 ? Word(random) : (1UL << 63) | ((ulong)(uint)random.Next(2) << 62) | Address(random) | (uint)random.Next(0x400);
        bench.Gic.Write(GicSpace.Its, 0, offset, new[] { 1, 2, 4, 8 }[random.Next(4)], value);
        _ = bench.Gic.Read(GicSpace.Its, 0, offset, new[] { 1, 2, 4, 8 }[random.Next(4)]);
    }

    private static void UserSpace(ItsBench bench, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                _ = bench.SaveTables();
                break;
            case 1:
                _ = bench.RestoreTables();
                break;
            case 2:
                _ = bench.Reset();
                break;
            case 3:
                _ = bench.SavePending();
                break;
            case 4:
                bench.Redistributor(random.Next(4), 0x70 + (ulong)(random.Next(2) * 8), Address(random) | (uint)random.Next(32), 8);
                break;
            default:
                _ = bench.SetRegister((uint)random.Next(0x140 / 8) * 8, Word(random));
                _ = bench.GetRegister((uint)random.Next(0x140), out _);
                break;
        }
    }

    private static ulong Address(Random random) => Addresses[random.Next(Addresses.Length)] + ((uint)random.Next(0x40) * 8);

    private static ulong Word(Random random) => random.Next(4) switch
    {
        0 => 0,
        1 => 1UL << random.Next(64),
        2 => (1UL << 63) | Address(random),
        _ => (ulong)random.NextInt64() ^ ((ulong)(uint)random.Next() << 40),
    };
}
