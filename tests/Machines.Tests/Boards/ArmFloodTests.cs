using Trapline.Actors.Arm;
using Trapline.Actors.Kernel;
using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Profiles;
using Trapline.Machines.Tests.Guests;
using Trapline.Messages;
using Xunit;

namespace Trapline.Machines.Tests.Boards;

/// <summary>A guest that lets out all it can by one write: what an operation makes has a bound, and its bill does not run over.</summary>
public sealed class ArmFloodTests
{
    private const string Source = """
        .arch arm
        .include "arm/arm64.inc.guest"
        .shared properties, 65536, 65536
        .shared pending, 65536, 65536
        start:
            li   t0, 0x08000000
            li   t1, 2
            mmio.write.w t1, [t0]
            la   t2, properties
            li   t3, 0
            li   t4, 57344
            li   t5, 0xA3A3A3A3A3A3A3A3
        .property:
            add  t6, t2, t3
            st.d t5, [t6]
            add  t3, t3, 8
            bltu t3, t4, .property
            la   t2, pending
            li   t3, 1024
            li   t4, 8192
            li   t5, -1
        .bits:
            add  t6, t2, t3
            st.d t5, [t6]
            add  t3, t3, 8
            bltu t3, t4, .bits
            li   t0, 0x080A0000
            la   t1, properties
            add  t1, t1, 15
            mmio.write.d t1, [t0 + 0x70]
            la   t1, pending
            mmio.write.d t1, [t0 + 0x78]
            li   t1, 1
            mmio.write.w t1, [t0]
            mark enabled
            li   t1, 0
            mmio.write.w t1, [t0]
            exit 0
        """;

    [Fact]
    public void Every_LPI_is_handed_over_by_one_write_and_comes_back_by_another()
    {
        using var run = new GuestRun(Source.ReplaceLineEndings("\n"), profile: GicProfiles.Qemu11, until: VirtualTime.FromNanoseconds(1_000_000_000)).ToEnd();

        Assert.True(run.End is { Reason: EndReason.Exit, Code: 0 }, run.End?.Detail ?? "the guest did not come to its exit");
        var gic = run.OnBoard<GicActor>();
        Assert.Equal((InterruptIds.LpiCount, InterruptIds.LpiCount), (gic.Fates.Raised, gic.Waiting));

        // Each was paid for: the vCPU is outside the guest, and waits until the last is there.
        var exit = run.Exits(0, "mmio_write GICR_CTLR");
        Assert.Equal(2, exit.Count);
        Assert.True(exit.Greatest > InterruptIds.LpiCount * 30_000L, $"{exit.Greatest} ps");
    }
}
