namespace Trapline.Machines.Tests.Controllers;

/// <summary>Two machines of two CPUs that ring one another without pause: one vector interrupts, one waits behind its mask.</summary>
internal static class RingingGuest
{
    public const int Vcpus = 2;

    public const string Source = """
        .align 4096
        handler:
            count taken
            iocsr.read.d t5, [0x1808]
            iocsr.write.d t5, [0x1808]
            ertn

        start:
            la   t0, handler
            csr.write t0, EENTRY
            li   t0, 0x3fc
            csr.write t0, ECFG
            li   t0, 0x01010101
            iocsr.write.w t0, [0x1c40]        # vectors 64 to 67 to CPU 0
            iocsr.write.w t0, [0x14c0]        # and at HWI0
            li   t0, -1
            iocsr.write.d t0, [0x1608]
            li   t0, 0x40031000
            li   t1, 0x2ff00000
            mmio.write.d t1, [t0]
            li   t1, 64
            mmio.write.d t1, [t0 + 8]
            li   t0, 4
            move t1, t0
            csr.xchg t1, t0, CRMD
            li   t0, 0x40030000
            mmio.read.w t2, [t0 + 8]
            xor  t2, t2, 1
            sll  t2, t2, 16
            or   t3, t2, 1
        .ring:
            mmio.write.w t2, [t0 + 12]
            count rung
            mmio.write.w t3, [t0 + 12]
            count rung
            b    .ring

        """;
}
