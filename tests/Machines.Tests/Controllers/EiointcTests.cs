using Trapline.Actors.LoongArch;
using Trapline.Machines.Tests.Guests;
using Xunit;

namespace Trapline.Machines.Tests.Controllers;

/// <summary>EIOINTC in the machine, through guests; messages come from the guest's own writes to the doorbell.</summary>
public sealed class EiointcTests
{
    [Fact]
    public void S2_a_message_to_oneself_is_taken_and_served_with_four_reads_and_one_write()
    {
        using var run = GuestRun.Passing("""
            .align 4096
            handler:
                count taken
                iocsr.read.d t2, [0x1800]
                iocsr.read.d t3, [0x1808]
                iocsr.read.d t4, [0x1810]
                iocsr.read.d t5, [0x1818]
                assert.eq t2, 0
                assert.eq t3, 1 << 6
                assert.eq t4, 0
                assert.eq t5, 0
                iocsr.write.d t3, [0x1808]
                ertn
            start:
                la   t0, handler
                csr.write t0, EENTRY
                li   t0, 0x3fc
                csr.write t0, ECFG
                li   t0, 2
                iocsr.write.b t0, [0x14c2]        # vectors 64 to 95 to HWI1
                li   t0, 1 << 6
                iocsr.write.d t0, [0x1608]
                li   t0, 4
                csr.write t0, CRMD
                li   t1, 0x2ff00000
                li   t0, 70
                mark from
                mmio.write.w t0, [t1]
                nop
                mark to
                csr.read t0, ESTAT
                and  t0, t0, 0x3ff
                assert.eq t0, 0
                exit
            """);
        Assert.Equal(1, run.Counter(0, "taken"));
        Assert.Equal((4UL, 3UL), run.OnBoard<EiointcActor>().ExitsOf(0));
        Assert.Equal(4, run.Exits(0, "eiointc_read COREISR").Count);
        Assert.Equal(1, run.Exits(0, "eiointc_write COREISR").Count);
        Assert.Equal(1, run.Exits(0, "mmio_write PCH_MSI").Count);
        var fates = run.OnBoard<EiointcActor>().Fates;
        Assert.Equal((1, 0, 1), (fates.Raised, fates.Coalesced, fates.Handled));
    }
}
