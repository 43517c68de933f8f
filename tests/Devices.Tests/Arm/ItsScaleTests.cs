using System.Runtime.InteropServices;
using Trapline.Devices.Arm.Its;
using Trapline.Devices.Common;
using static Trapline.Devices.Tests.Arm.ItsBench;

namespace Trapline.Devices.Tests.Arm;

/// <summary>What makes a message cost the same however many events are mapped, and what it must not cost elsewhere.</summary>
public sealed class ItsScaleTests
{
    /// <summary>With more bytes the entries of 65,536 events and the LPIs no longer fit into a second-level cache, and a message costs twice as much.</summary>
    [Theory, InlineData("Trapline.Devices.Arm.Its.EventEntry", 4), InlineData("Trapline.Devices.Arm.Lpi.LpiObject", 8)]
    public void What_a_message_touches_is_small(string type, int bytes) =>
        Assert.Equal(bytes, Marshal.SizeOf(typeof(ItsUnit).Assembly.GetType(type, throwOnError: true)!));

    /// <summary>A guest that maps the first and the last event of each of many devices takes what its events take, not what they lie apart.</summary>
    [Fact]
    public void Memory_follows_what_is_mapped()
    {
        const uint Devices = 8192;
        var bench = new ItsBench().SetUp();
        bench.W32(0, 0);
        bench.W64(ItsOffsets.TableBase, 0x8000_0000_4210_0207);
        bench.SetQueue(0xFF);
        bench.Send(Mapc(0, 0));
        for (uint device = 0; device < Devices; device++)
        {
            bench.Send(Mapd(device, 0x4800_0000, 15));
        }

        // The same commands again allocate what the bench does, which is not the same each time; a table for each device would be gigabytes.
        var mapping = Allocated(bench, Devices, (device, i) => Mapti(device, i * 65_535, 8192, 0));
        Assert.InRange(mapping - Allocated(bench, Devices, (device, i) => Mapti(device, i * 65_535, 8192, 0)), 0, 32 << 20);
    }

    /// <summary>A guest that maps and unmaps does not make the table grow, wherever its events are.</summary>
    [Fact]
    public void Pages_are_used_again()
    {
        var type = typeof(ItsUnit).Assembly.GetType("Trapline.Devices.Arm.Its.EventPages", throwOnError: true)!;
        var pages = Activator.CreateInstance(type)!;
        for (uint key = 0; key < 1000; key++)
        {
            var first = Call(key);
            var second = Call(key + 5000);
            Assert.Equal((first, second), (Find(key), Find(key + 5000)));
            _ = type.GetMethod("Remove")!.Invoke(pages, [first]);
            Assert.Equal((-1, second), (Find(key), Find(key + 5000)));
            _ = type.GetMethod("Remove")!.Invoke(pages, [second]);
        }

        Assert.Equal(2, type.GetProperty("Capacity")!.GetValue(pages));

        int Call(uint key) => (int)type.GetMethod("Add")!.Invoke(pages, [key])!;
        int Find(uint key) => (int)type.GetMethod("Find")!.Invoke(pages, [key])!;
    }

    /// <summary>Emptying the cache is counted, and the count has 16 bits.</summary>
    [Fact]
    public void What_was_cached_does_not_come_back_when_the_count_has_gone_round()
    {
        var bench = new ItsBench().Map();
        Assert.Equal(1, bench.Signal(20, 2));
        for (var i = 0; i < 70_000; i++)
        {
            bench.W32(ItsOffsets.Control, 0);
            bench.W32(ItsOffsets.Control, 1);
            if (bench.Signal(20, 2, flags: 0) != Errno.InvalidArgument)
            {
                Assert.Fail($"in the cache after it was emptied {i + 1} times");
            }
        }

        Assert.Equal(1, bench.Signal(20, 2));
        Assert.Equal(1, bench.Signal(20, 2, flags: 0));
    }

    /// <summary>Events of many devices, in no order, come out of rows as they went in, and each finds its own.</summary>
    [Fact]
    public void Every_event_is_found()
    {
        var random = new Random(7);
        var events = new Dictionary<(uint Device, uint Event), uint>();
        var bench = new ItsBench().SetUp();
        bench.SetQueue(0xFF);
        bench.Send(Mapc(0, 0));
        for (uint device = 0; device < 200; device++)
        {
            bench.Send(Mapd(device, 0x4800_0000, 15));
        }

        for (var i = 0; i < 20_000; i++)
        {
            var at = ((uint)random.Next(200), random.Next(3) == 0 ? (uint)random.Next(65_536) : (uint)random.Next(40));
            if (random.Next(3) == 0 && events.Remove(at))
            {
                Assert.Equal(0, bench.Send(Discard(at.Item1, at.Item2)));
            }
            else if (events.TryAdd(at, 8192 + (uint)random.Next(512)))
            {
                Assert.Equal(0, bench.Send(Mapti(at.Item1, at.Item2, events[at], 0)));
            }
        }

        var copy = new ItsBench(ram: bench.Ram);
        RawState.Copy(bench.Gic.SyncState, copy.Gic.SyncState);
        foreach (var (at, interrupt) in events)
        {
            Assert.Equal(1, copy.Signal(at.Event, at.Device));
            Assert.Equal([interrupt], copy.Deliver(0));
        }

        for (uint device = 0; device < 200; device++)
        {
            Assert.Equal(events.ContainsKey((device, 77)) ? 1 : 0, copy.Signal(77, device));
            Assert.Equal(0, copy.Send(Mapd(device, 0, 0, valid: false)));
        }

        Assert.DoesNotContain(RawState.List(copy.Gic.SyncState), row => row.Key.Contains("event[", StringComparison.Ordinal) || row.Key.Contains("lpi[", StringComparison.Ordinal));
    }

    /// <summary>INVALL takes back from the CPU interface what has another priority now, and nothing else; what it changes is handed on by INTID.</summary>
    [Fact]
    public void INVALL_touches_what_has_changed()
    {
        var bench = new ItsBench().Map();
        bench.Mask(3);
        for (uint i = 0; i < 12; i++)
        {
            bench.SetProperty(8300 + i, (byte)(i % 3 == 0 ? 0xA2 : 0xA3));
            bench.Send(Mapti(2, 100 + i, 8300 + i, 3));
            Assert.Equal(1, bench.Signal(100 + i, 2));
        }

        var before = Sequences(bench);
        for (uint i = 0; i < 12; i++)
        {
            // Enabled, more urgent, as it was.
            bench.SetProperty(8300 + i, (byte)(i % 3 == 1 ? 0x83 : 0xA3));
        }

        bench.Send(Invall(3));
        var after = Sequences(bench);
        Assert.All(Enumerable.Range(0, 4), i => Assert.Equal(before[8302 + (3 * i)], after[8302 + (3 * i)]));
        var changed = after.Where(pair => pair.Key % 3 != 8302 % 3).ToList();
        Assert.Equal(8, changed.Count);
        Assert.Equal(changed.Select(pair => pair.Value).Order(), changed.Select(pair => pair.Value));
        Assert.All(changed, pair => Assert.True(pair.Value > before.Values.Max()));
        bench.Unmask(3);
        Assert.Equal([8301, 8304, 8307, 8310, 8300, 8302, 8303, 8305, 8306, 8308, 8309, 8311], bench.Deliver(3));
    }

    /// <summary>INVALL where the table of properties leaves memory amid what is read at once: as far as there is memory, and no further.</summary>
    [Fact]
    public void INVALL_at_the_end_of_memory()
    {
        var bench = new ItsBench().Map();
        foreach (var interrupt in new uint[] { 8320, 8340, 8380 })
        {
            bench.SetProperty(interrupt, 0xA2);
            bench.Send(Mapti(2, interrupt - 8200, interrupt, 3));
            Assert.Equal(1, bench.Signal(interrupt - 8200, 2));
            bench.SetProperty(interrupt, 0xA3);
        }

        bench.Ram.Regions[0] = (GuestRam.Start, Properties + 152);
        bench.Ram.Regions.Add((Properties + 0x1_0000, GuestRam.Start + GuestRam.Size));
        bench.Gic.Write(Devices.Arm.GicSpace.Redistributor, 3, 0xB0, 8, 0);
        Assert.Equal([8320, 8340], bench.Deliver(3));
    }

    /// <summary>Of the hand-overs of what vCPU 3 has, by INTID.</summary>
    private static SortedDictionary<int, ulong> Sequences(ItsBench bench)
    {
        var held = RawState.List(bench.Gic.SyncState).Where(row => row.Key.Contains("lpis.cpu[3].held[", StringComparison.Ordinal)).Select(row => row.Value).ToList();
        return new SortedDictionary<int, ulong>(held.Chunk(2).ToDictionary(pair => (int)pair[0], pair => pair[1]));
    }

    private static long Allocated(ItsBench bench, uint devices, Func<uint, uint, ItsCommand> command)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (uint device = 0; device < devices; device++)
        {
            Assert.Equal(0, bench.Send(command(device, 0)));
            Assert.Equal(0, bench.Send(command(device, 1)));
        }

        bench.Results.Clear();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
