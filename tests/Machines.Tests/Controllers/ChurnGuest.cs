namespace Trapline.Machines.Tests.Controllers;

/// <summary>
/// A guest for the laws: on four CPUs, messages of eight queues, a level device and a UART's input arrive while CPU 0
/// moves vectors about at random by ANY_SEND as Linux does: mask, route, unmask.
/// </summary>
internal static class ChurnGuest
{
    public const int Vcpus = 4;

    public static string Source(int rounds) => $"""
        .shared handled, 8
        .align 4096
        handler:
            csr.write t0, SAVE0
            csr.write t1, SAVE1
            csr.write t2, SAVE2
            csr.write a0, SAVE3
            count taken
            iocsr.read.d t0, [0x1800]
            beqz t0, .messages
            iocsr.write.d t0, [0x1800]
            srl  t1, t0, 16
            and  t1, t1, 1
            beqz t1, .uart
            li   a0, 0x40020000
            li   t1, 1
            mmio.write.w t1, [a0 + 0x20]      # ends the level
        .uart:
            srl  t1, t0, 2
            and  t1, t1, 1
            beqz t1, .messages
            li   a0, 0x1fe001e0
        .receive:
            mmio.read.bu t2, [a0 + 5]         # LSR: data ready
            and  t2, t2, 1
            beqz t2, .messages
            mmio.read.bu t2, [a0]
            count received
            b    .receive
        .messages:
            iocsr.read.d t0, [0x1808]
            beqz t0, .done
            iocsr.write.d t0, [0x1808]
            count messages
            li   t1, 1
            amadd.d t1, t1, [handled]
        .done:
            csr.read a0, SAVE3
            csr.read t2, SAVE2
            csr.read t1, SAVE1
            csr.read t0, SAVE0
            ertn

        start:
            la   t0, handler
            csr.write t0, EENTRY
            li   t0, 0x3fc
            csr.write t0, ECFG
            li   t0, 4
            csr.write t0, CRMD
            cpu.index t0
            bnez t0, others

            li   t0, 0x0804020108040201
            iocsr.write.d t0, [0x14c0]        # HWI0 to HWI3, twice
            li   t0, -1
            iocsr.write.d t0, [0x1600]
            iocsr.write.d t0, [0x1608]
            li   a0, 0x10000000
            li   t0, ~(1 << 2 | 1 << 16)
            li   t1, 2
            mmio.write.b t1, [a0 + 0x202]     # vectors as the pins
            li   t1, 16
            mmio.write.b t1, [a0 + 0x210]
            mmio.write.d t0, [a0 + 0x20]
            li   a0, 0x40020000               # the level device: each 50 us
            li   t0, 50000
            mmio.write.d t0, [a0 + 8]
            li   t0, 1
            mmio.write.w t0, [a0]
            li   a0, 0x1fe001e0               # the UART: FIFOs, interrupt of received data
            li   t0, 0x41
            mmio.write.b t0, [a0 + 2]
            li   t0, 1
            mmio.write.b t0, [a0 + 1]
            li   t0, 70000
            mmio.write.d t0, [a0 + 0x48]
            li   t0, 1000000
            mmio.write.d t0, [a0 + 0x40]

            li   a0, 0x40000000               # queues 0 to 7: vectors 64 to 71, each 60 us and more
            li   a1, 0x40003000
            li   s0, 0
        .queue:
            li   t0, 0x2ff00000
            mmio.write.d t0, [a1]
            add  t0, s0, 64
            mmio.write.d t0, [a1 + 8]
            random t0, 60000
            add  t0, t0, 60000
            mmio.write.d t0, [a0 + 8]
            li   t0, 1
            mmio.write.w t0, [a0]
            add  a0, a0, 0x28
            add  a1, a1, 16
            add  s0, s0, 1
            li   t0, 8
            bne  s0, t0, .queue

            li   s0, {rounds}
        .round:
            random s1, 8                      # the vector, less 64
            random s2, 4                      # the CPU
            li   t0, 1
            sll  t1, t0, s1
            nor  t1, t1, zero
            zext.w t1, t1
            sll  t1, t1, 32
            li   t2, 0x1608
            or   t1, t1, t2
            iocsr.write.d t1, [0x1158]        # ENABLE without it
            sll  t1, t0, s2                   # COREMAP has a bit for each CPU
            and  t2, s1, 3
            sll  t3, t2, 3
            sll  t1, t1, t3
            sll  t1, t1, 32
            sll  t3, t0, t2
            xor  t3, t3, 15                   # keep the other three bytes
            sll  t3, t3, 27
            or   t1, t1, t3
            sll  t3, s2, 16
            or   t1, t1, t3
            andn t3, s1, 3
            add  t3, t3, 0x1c40
            or   t1, t1, t3
            iocsr.write.d t1, [0x1158]
            li   t1, 0xffffffff00001608
            iocsr.write.d t1, [0x1158]        # ENABLE all
            random t0, 20000
            work t0
            sub  s0, s0, 1
            bnez s0, .round
            exit

        others:
            random t0, 15000
            work t0
            idle
            b    others
        """;
}
