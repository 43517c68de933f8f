using Trapline.Actors.LoongArch;
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
        var path = Array.IndexOf([.. LoongArchVcpu.LatencyPaths], "level device->vcpu");
        Assert.Equal(3, run.Vcpu(0).Statistics.Latencies[path]!.Count);
    }
}
