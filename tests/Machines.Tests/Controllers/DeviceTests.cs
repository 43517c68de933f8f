using Trapline.Actors.LoongArch;
using Trapline.Actors.Vcpus;
using Trapline.Machines.Boards;
using Trapline.Machines.Tests.Guests;
using Xunit;

namespace Trapline.Machines.Tests.Controllers;

/// <summary>From a device's pin through PCH-PIC and EIOINTC to a handler, and back.</summary>
public sealed class DeviceTests
{
    /// <summary>A handler that acknowledges at EIOINTC (vectors 0 to 63, HWI0), then does what the test says.</summary>
    private static string Guest(string device, string body, int pin) => $"""
        .const UART  = 0x1fe001e0
        .const PIC   = 0x10000000
        .const LEVEL = 0x40020000
        .const RTC   = 0x100d0100
        .align 4096
        handler:
            count taken
            csr.write t0, SAVE0
            csr.write t1, SAVE1
            iocsr.read.d t0, [0x1800]
            iocsr.write.d t0, [0x1800]
            csr.write t2, SAVE2
            {device}
            csr.read t2, SAVE2
            csr.read t1, SAVE1
            csr.read t0, SAVE0
            ertn
        start:
            la   t0, handler
            csr.write t0, EENTRY
            li   t0, 4
            csr.write t0, ECFG
            li   t0, -1
            iocsr.write.d t0, [0x1600]
            li   a0, PIC
            li   t0, ~(1 << {pin})
            mmio.write.d t0, [a0 + 0x20]
            li   t0, 4
            csr.write t0, CRMD
            {body}
            exit
        """;

    [Fact]
    public void A_level_device_interrupts_until_it_is_acknowledged()
    {
        using var run = GuestRun.Passing(Guest("""
            li   t1, LEVEL
            li   t0, 1
            mmio.write.w t0, [t1 + 0x20]      # ACK: the pin falls
            """, """
            li   a1, LEVEL
            li   t0, 20_000
            mmio.write.d t0, [a1 + 8]         # PERIOD
            li   t0, 3
            mmio.write.d t0, [a1 + 0x10]      # COUNT
            li   t0, 1
            mmio.write.w t0, [a1]
            work 200us
            mmio.read.d t0, [a1 + 0x28]
            assert.eq t0, 3
            mmio.read.d t0, [a0 + 0x380]
            assert.eq t0, 0
            mmio.read.d t0, [a0 + 0x3a0]
            assert.eq t0, 0
            csr.read t0, ESTAT
            and  t0, t0, 0x3ff
            assert.eq t0, 0
            """, pin: 16));
        Assert.Equal(3, run.Counter(0, "taken"));
        var fates = run.OnBoard<EiointcActor>().Fates;
        Assert.Equal((3, 0, 3, 0, 0), (fates.Raised, fates.Coalesced, fates.Handled, fates.Withdrawn, fates.Open));
        var path = Array.IndexOf([.. LatencyPaths.Names], "level device->vcpu");
        Assert.Equal(3, run.Vcpu(0).Statistics.Latencies[path]!.Count);
    }

    [Fact]
    public void A_character_that_arrives_interrupts_until_it_is_read()
    {
        using var run = GuestRun.Passing(Guest("""
            li   t1, UART
            mmio.read.bu t0, [t1]
            sub  t0, t0, 'a'
            assert.ltu t0, 3
            """, """
            li   a1, UART
            li   t0, 1
            mmio.write.b t0, [a1 + 1]         # IER: received data
            li   t0, 'a'
            mmio.write.d t0, [a1 + 0x50]
            li   t0, 30_000
            mmio.write.d t0, [a1 + 0x48]
            li   t0, 3
            mmio.write.d t0, [a1 + 0x40]
            work 200us
            mmio.read.d t0, [a1 + 0x58]
            assert.eq t0, 3
            csr.read t0, ESTAT
            and  t0, t0, 0x3ff
            assert.eq t0, 0
            """, pin: 2));
        Assert.Equal(3, run.Counter(0, "taken"));
        var path = Array.IndexOf([.. LatencyPaths.Names], "uart device->vcpu");
        Assert.Equal(3, run.Vcpu(0).Statistics.Latencies[path]!.Count);
    }

    [Fact]
    public void The_transmitter_interrupts_when_it_has_room_and_a_read_of_IIR_ends_it()
    {
        using var run = GuestRun.Passing(Guest("""
            li   t1, UART
            mmio.read.bu t0, [t1 + 2]
            assert.eq t0, 2
            blt  s0, s1, .more
            mmio.write.b zero, [t1 + 1]       # no more
            b    .end
            .more:
            add  s0, s0, 1
            mmio.write.b s0, [t1]
            .end:
            """, """
            li   a1, UART
            li   s0, 0
            li   s1, 5
            li   t0, 2
            mmio.write.b t0, [a1 + 1]         # IER: transmitter empty
            work 7ms
            mmio.read.d t0, [a1 + 0x60]
            assert.eq t0, 5
            """, pin: 2));
        Assert.True(run.Counter(0, "taken") >= 6);
    }

    /// <summary>Nothing lowers the pin in QEMU's model: with an edge-triggered input one alarm is one interrupt.</summary>
    [Fact]
    public void An_alarm_of_the_clock_comes_when_its_match_does()
    {
        using var run = GuestRun.Passing(Guest("""
            mark alarm
            li   t1, PIC
            li   t0, 1 << 6
            mmio.write.w t0, [t1 + 0x80]      # CLEAR
            """, """
            li   t0, 1 << 6
            mmio.write.w t0, [a0 + 0x60]      # EDGE
            li   a1, RTC
            li   t0, 0x2100
            mmio.write.w t0, [a1 + 0x40]      # three matches of 0 are in the past: alarms at once
            work 100us
            mark wait
            mmio.read.w t0, [a1 + 0x68]
            add  t0, t0, 40                   # 1.2 ms
            mmio.write.w t0, [a1 + 0x6c]
            work 2ms
            """, pin: 6));
        var alarms = run.Marks(0, "alarm");
        Assert.True(alarms.Count >= 2);
        var waited = (alarms[^1].At - run.MarkAt(0, "wait")).Picoseconds;
        Assert.InRange(waited, 39L * 1_000_000_000_000 / 32_768, 41L * 1_000_000_000_000 / 32_768);
    }

    /// <summary>Half of J, the kick, which contains the path to the CPU, and the wake-up of one that sleeps; an eventfd costs no call.</summary>
    [Theory]
    [InlineData(MessageDelivery.Ioctl, 150_000 + 770_000 + 5_000_000)]
    [InlineData(MessageDelivery.Irqfd, 770_000 + 5_000_000)]
    public void Queues_of_the_MSI_device_reach_the_CPUs_that_their_vectors_are_routed_to(MessageDelivery delivery, long picoseconds)
    {
        using var run = GuestRun.Passing("""
            .align 4096
            handler:
                count taken
                iocsr.read.d t2, [0x1808]
                iocsr.write.d t2, [0x1808]
                ertn
            start:
                la   t0, handler
                csr.write t0, EENTRY
                li   t0, 0x3fc
                csr.write t0, ECFG
                li   t0, 4
                csr.write t0, CRMD
                cpu.index t0
                beqz t0, .first
            .sleep:
                idle
                b    .sleep
            .first:
                li   t0, -1
                iocsr.write.d t0, [0x1608]
                li   t0, 0x08040201
                iocsr.write.w t0, [0x1c40]        # vectors 64 to 67 to CPUs 0 to 3
                li   a0, 0x40000000
                li   a1, 0x40003000
                li   s0, 64
            .queue:
                li   t0, 0x2ff00000
                mmio.write.d t0, [a1]
                mmio.write.d s0, [a1 + 8]
                li   t0, 50_000
                mmio.write.d t0, [a0 + 8]
                li   t0, 4
                mmio.write.d t0, [a0 + 0x10]
                li   t0, 1
                mmio.write.w t0, [a0]
                add  a0, a0, 0x28
                add  a1, a1, 16
                add  s0, s0, 1
                li   t0, 68
                bne  s0, t0, .queue
                work 500us
                exit
            """, vcpus: 4, settings: new MachineSettings { Msi = delivery });
        Assert.Equal([4L, 4L, 4L, 4L], Enumerable.Range(0, 4).Select(cpu => run.Counter(cpu, "taken")));
        var fates = run.OnBoard<EiointcActor>().Fates;
        Assert.Equal((16, 16, 0), (fates.Raised, fates.Handled, fates.Coalesced));
        var path = Array.IndexOf([.. LatencyPaths.Names], "msi device->vcpu");
        Assert.Equal(picoseconds, run.Vcpu(3).Statistics.Latencies[path]!.Greatest.Picoseconds);
    }

    [Fact]
    public void A_raise_behind_INT_MASK_is_counted_as_masked()
    {
        using var run = GuestRun.Passing(Guest("nop", """
            li   t0, -1
            mmio.write.d t0, [a0 + 0x20]
            li   a1, LEVEL
            li   t0, 1
            mmio.write.w t0, [a1]
            work 20us
            """, pin: 16));
        Assert.Equal((0L, 1), (run.Counter(0, "taken"), run.OnBoard<PchPicActor>().Masked));
        var board = run.Result().Boards.Single();
        Assert.Equal((0L, 1L), (board.Fates.Raised, board.MaskedAtPic));
    }
}
