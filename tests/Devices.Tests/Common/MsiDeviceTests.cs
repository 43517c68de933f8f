using System.Numerics;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Sources;
using Trapline.Messages;

namespace Trapline.Devices.Tests.Common;

public sealed class MsiDeviceTests
{
    private readonly SourceBench _bench = new();
    private readonly MsiDevice _device;

    public MsiDeviceTests() => _device = new MsiDevice(_bench, _bench, queues: 3);

    [Fact]
    public void Each_queue_sends_at_its_own_rate_what_its_table_entry_says()
    {
        Open(0, 0x2FF00000, 40);
        Open(2, 0x1_2FF00000, 42);
        Start(0, period: 100, count: 2, burst: 0);
        Start(2, period: 150, count: 3, burst: 2);
        Wait(1000);
        Assert.Equal(
            [
                "100ns queue 0 0x2ff00000 = 0x28",
                "150ns queue 2 0x12ff00000 = 0x2a",
                "150ns queue 2 0x12ff00000 = 0x2a",
                "200ns queue 0 0x2ff00000 = 0x28",
                "300ns queue 2 0x12ff00000 = 0x2a",
            ],
            _bench.Log);
        Assert.Equal((2ul, 3ul, 0ul), (Read(Queue(0, MsiRegisters.Sent)), Read(Queue(2, MsiRegisters.Sent)), Read(Queue(2, MsiRegisters.Control))));
        Assert.Equal(0, _bench.Armed);
    }

    [Fact]
    public void A_masked_entry_keeps_one_message_and_sends_it_when_unmasked()
    {
        Write(Entry(1, MsiRegisters.EntryAddress), 0x2FF00000);
        Start(1, period: 10, count: 5, burst: 0);
        Wait(100);
        Assert.Empty(_bench.Log);
        Assert.Equal(2ul, Read(MsiRegisters.PendingBits));
        Assert.Equal(1, _bench.Reports.Count(kind => kind == ReportKind.Masked));
        Assert.Equal(4, _bench.Reports.Count(kind => kind == ReportKind.Coalesced));
        Write(Entry(1, MsiRegisters.EntryDataAndControl), MsiRegisters.EntryMask | 41);
        Assert.Equal(2ul, Read(MsiRegisters.PendingBits));
        Write(Entry(1, MsiRegisters.EntryDataAndControl), 41);
        Write(Entry(1, MsiRegisters.EntryDataAndControl), 41);
        Assert.Equal((1, 0ul), (_bench.Log.Count, Read(MsiRegisters.PendingBits)));
        Assert.Equal("100ns queue 1 0x2ff00000 = 0x29", _bench.Log[0]);
    }

    [Fact]
    public void Entries_are_masked_at_first_and_pending_bits_and_reserved_bits_are_not_written()
    {
        Assert.Equal(1ul << 32, Read(Entry(0, MsiRegisters.EntryDataAndControl)));
        Write(MsiRegisters.PendingBits, ulong.MaxValue);
        Assert.Equal(0ul, Read(MsiRegisters.PendingBits));
        Write(Entry(0, MsiRegisters.EntryAddress), ulong.MaxValue);
        Assert.Equal(ulong.MaxValue - 3, Read(Entry(0, MsiRegisters.EntryAddress)));
        Write(Entry(0, MsiRegisters.EntryDataAndControl), ulong.MaxValue);
        Assert.Equal(0x1_FFFFFFFFul, Read(Entry(0, MsiRegisters.EntryDataAndControl)));
    }

    [Fact]
    public void With_a_period_of_0_switching_a_queue_on_sends_one_burst()
    {
        Open(0, 0x2FF00000, 33);
        Start(0, period: 0, count: 0, burst: 3);
        Assert.Equal((3, 0ul), (_bench.Log.Count, Read(Queue(0, MsiRegisters.Control))));
        Write(Queue(0, MsiRegisters.Burst), ulong.MaxValue);
        Assert.Equal(4096ul, Read(Queue(0, MsiRegisters.Burst)));
    }

    [Fact]
    public void Queues_that_it_has_not_read_0_and_write_nothing()
    {
        Start(3, period: 0, count: 0, burst: 1);
        Write(Entry(3, MsiRegisters.EntryDataAndControl), 7);
        Write(0x2900, 1);
        Assert.Equal(0ul, Read(Queue(3, MsiRegisters.Burst)) | Read(Entry(3, MsiRegisters.EntryDataAndControl)) | Read(0x2900));
        Assert.Empty(_bench.Log);
        Assert.Equal(AccessOutcome.Fault, _device.Read(0, 1, out _));
        Assert.Equal(AccessOutcome.Fault, _device.Write(2, 4, 0, _bench.Now));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public void It_has_1_to_256_queues(int queues) => Assert.Throws<ArgumentOutOfRangeException>(() => new MsiDevice(_bench, _bench, queues));

    [Theory]
    [InlineData(0x0000ul, "CONTROL[0]")]
    [InlineData(0x0034ul, "PERIOD[1]")]
    [InlineData(0x27FCul, "BURST[255]")]
    [InlineData(0x2800ul, "+0x2800")]
    [InlineData(0x3004ul, "MSIX_ADDR_HI[0]")]
    [InlineData(0x3FFCul, "MSIX_CONTROL[255]")]
    [InlineData(0x4008ul, "MSIX_PBA[1]")]
    [InlineData(0x4020ul, null)]
    public void Registers_have_names(ulong offset, string? name) => Assert.Equal(name, MsiRegisters.NameOf(offset));

    /// <summary>
    /// Of a masked entry nothing leaves; what is pending leaves once when it is unmasked; and every message that was due
    /// has left, pends, or was merged into one that did.
    /// </summary>
    [Fact]
    public void Masked_messages_are_pending_and_leave_once() => Step.CheckAll(steps =>
    {
        var bench = new SourceBench();
        var device = new MsiDevice(bench, bench, 70);
        foreach (var step in steps)
        {
            var masked = Enumerable.Range(0, 70).Where(queue => IsMasked(device, queue)).ToHashSet();
            var pendingBefore = Pending(device);
            bench.Log.Clear();
            Apply(device, bench, step);
            var left = bench.Log.Select(line => int.Parse(line.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture)).ToList();
            Assert.All(left.Where(masked.Contains), queue =>
            {
                Assert.False(IsMasked(device, queue));
                Assert.Contains(queue, pendingBefore);
                Assert.Single(left, queue);
            });
            Assert.All(Pending(device), queue => Assert.True(IsMasked(device, queue)));
        }

        var made = Enumerable.Range(0, 70).Select(queue => { device.Read(Queue(queue, MsiRegisters.Sent), 8, out var sent); return sent; });
        var reported = bench.Reports.Count(kind => kind is ReportKind.Raised or ReportKind.Coalesced) + Pending(device).Count;
        Assert.Equal(made.Aggregate((a, b) => a + b), (ulong)reported);
    });

    [Fact]
    public void A_message_device_and_its_raw_copy_behave_alike() => Step.CheckAll(steps =>
    {
        var (firstBench, secondBench) = (new SourceBench(), new SourceBench());
        var (first, second) = (new MsiDevice(firstBench, firstBench, 70), new MsiDevice(secondBench, secondBench, 70));
        foreach (var step in steps[..(steps.Length / 2)])
        {
            Apply(first, firstBench, step);
        }

        RawState.Copy(first.SyncState, second.SyncState);
        secondBench.Now = firstBench.Now;
        secondBench.CopyTimers(firstBench);
        firstBench.Log.Clear();
        foreach (var step in steps[(steps.Length / 2)..])
        {
            Apply(first, firstBench, step);
            Apply(second, secondBench, step);
            Assert.Equal(Pending(first), Pending(second));
        }

        Assert.Equal(firstBench.Log, secondBench.Log);
        Assert.Equal(RawState.Save(first.SyncState), RawState.Save(second.SyncState));
    });

    private static ulong Queue(int queue, int register) => (ulong)((queue * MsiRegisters.QueueStride) + register);

    private static ulong Entry(int entry, int register) => (ulong)(MsiRegisters.Table + (entry * MsiRegisters.EntryBytes) + register);

    private static bool IsMasked(MsiDevice device, int queue)
    {
        device.Read(Entry(queue, MsiRegisters.EntryDataAndControl), 8, out var value);
        return (value & MsiRegisters.EntryMask) != 0;
    }

    private static List<int> Pending(MsiDevice device)
    {
        var queues = new List<int>();
        for (var word = 0; word < 4; word++)
        {
            device.Read((ulong)(MsiRegisters.PendingBits + (word * 8)), 8, out var bits);
            for (; bits != 0; bits &= bits - 1)
            {
                queues.Add((word * 64) + BitOperations.TrailingZeroCount(bits));
            }
        }

        return queues;
    }

    private static void Apply(MsiDevice device, SourceBench bench, Step step)
    {
        // Few queues, on both sides of a word of pending bits, so that steps meet.
        var queue = step.Place % 2 == 0 ? step.Place % 3 : 64 + (step.Place % 3);
        switch (step.Action % 5)
        {
            case 0:
                var registers = new[] { MsiRegisters.Control, MsiRegisters.Control, MsiRegisters.Period, MsiRegisters.Count, MsiRegisters.Burst };
                device.Write(Queue(queue, registers[step.Place / 6 % registers.Length]), 8, step.Value & 0x1F, bench.Now);
                break;
            case 1 or 2:
                device.Write(Entry(queue, MsiRegisters.EntryDataAndControl + 4), 4, step.Value & 1, bench.Now);
                break;
            case 3:
                device.Write(Entry(queue, MsiRegisters.EntryAddress), 8, step.Value, bench.Now);
                break;
            default:
                bench.WaitUntil(bench.Now + VirtualTime.FromNanoseconds(step.Place % 40), device.Expire);
                break;
        }
    }

    private void Open(int entry, ulong address, uint data)
    {
        Write(Entry(entry, MsiRegisters.EntryAddress), address);
        Write(Entry(entry, MsiRegisters.EntryDataAndControl), data);
    }

    private void Start(int queue, ulong period, ulong count, ulong burst)
    {
        Write(Queue(queue, MsiRegisters.Period), period);
        Write(Queue(queue, MsiRegisters.Count), count);
        Write(Queue(queue, MsiRegisters.Burst), burst);
        Write(Queue(queue, MsiRegisters.Control), 1);
    }

    private void Wait(long untilNanoseconds) => _bench.WaitUntil(VirtualTime.FromNanoseconds(untilNanoseconds), _device.Expire);

    private void Write(ulong offset, ulong value) => Assert.Equal(AccessOutcome.Done, _device.Write(offset, 8, value, _bench.Now));

    private ulong Read(ulong offset)
    {
        Assert.Equal(AccessOutcome.Done, _device.Read(offset, 8, out var value));
        return value;
    }
}
