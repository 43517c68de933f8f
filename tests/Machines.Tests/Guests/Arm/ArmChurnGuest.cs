namespace Trapline.Machines.Tests.Guests.Arm;

/// <summary>
/// A guest for the laws of ARM machines: on four CPUs messages of six queues, a level device, SGIs, timers arrive while CPU 0 moves LPIs and
/// SPIs about at random, masks them, invalidates and recalls; CPU 3 goes off and is switched on again. Text, without first line.
/// </summary>
internal static class ArmChurnGuest
{
    public const int Vcpus = 4;

    public static string Source(int rounds) => $$"""
        .arch arm
        .shared queue, 0x10000, 0x10000
        .shared devices, 0x10000, 0x10000
        .shared collections, 0x10000, 0x10000
        .shared itt, 0x10000, 0x10000
        .shared properties, 0x10000, 0x10000
        .shared pending, 0x40000, 0x10000
        .shared head, 8
        .shared online, 8

        .align 2048
        vectors:
        .org vectors + 0x280
            sub  sp, sp, 32
            st.d t0, [sp]
            st.d t1, [sp + 8]
            st.d a0, [sp + 16]
            sysreg.read t0, WORK
            st.d t0, [sp + 24]
            sysreg.read a0, ICC_IAR1_EL1
            li   t0, 1023
            beq  a0, t0, .done
            count taken
            li   t0, 27
            bne  a0, t0, .level
            random t0, 3000
            add  t0, t0, 1500
            sysreg.write t0, CNTV_TVAL_EL0
        .level:
            li   t0, 48
            bne  a0, t0, .end
            li   t0, 1
            li   t1, 0x10020000
            mmio.write.w t0, [t1 + 0x20]      # ends the level
            count levels
        .end:
            work 300ns
            sysreg.write a0, ICC_EOIR1_EL1
        .done:
            ld.d t0, [sp + 24]
            sysreg.write t0, WORK
            ld.d a0, [sp + 16]
            ld.d t1, [sp + 8]
            ld.d t0, [sp]
            add  sp, sp, 32
            eret

        # A command: its first three double words in a0 to a2.
        command:
            la   t1, head
            ld.d t2, [t1]
            la   t0, queue
            add  t0, t0, t2
            st.d a0, [t0]
            st.d a1, [t0 + 8]
            st.d a2, [t0 + 16]
            st.d zero, [t0 + 24]
            add  t2, t2, 32
            and  t2, t2, 0xfff
            st.d t2, [t1]
            li   t0, 0x08080000
            mmio.write.d t2, [t0 + 0x88]
            ret

        # What each CPU does for itself. s8: its number.
        cpu_init:
            la   t0, vectors
            sysreg.write t0, VBAR_EL1
            li   t0, 0xf0
            sysreg.write t0, ICC_PMR_EL1
            li   t0, 1
            sysreg.write t0, ICC_IGRPEN1_EL1
            cpu.index s8
            sll  a0, s8, 17
            li   t0, 0x080a0000
            add  a0, a0, t0
            la   t0, properties
            or   t0, t0, 0xf
            mmio.write.d t0, [a0 + 0x70]
            la   t0, pending
            sll  t1, s8, 16
            add  t0, t0, t1
            or   t0, t0, 1 << 62
            mmio.write.d t0, [a0 + 0x78]
            li   t0, 1
            mmio.write.w t0, [a0]             # LPIs on
            add  a0, a0, 0x10000
            li   t0, 1 << 27
            mmio.write.w t0, [a0 + 0x100]
            li   t0, 2000
            sysreg.write t0, CNTV_TVAL_EL0
            li   t0, 1
            sysreg.write t0, CNTV_CTL_EL0
            daif.clear 2
            amadd.d zero, t0, [online]
            ret

        secondary:
            call cpu_init
            li   s0, 12
        .sleep:
            wfi
            random t0, 3000
            work t0
            li   t0, 3
            bne  s8, t0, .sleep
            sub  s0, s0, 1
            bnez s0, .sleep
            daif.set 2
            sysreg.write zero, CNTV_CTL_EL0
            count offs
            li   a0, 0x84000002
            hvc  0

        start:
            li   t0, 0x08000000
            li   t1, 2
            mmio.write.w t1, [t0]
            la   t0, properties
            li   t1, 0xa3a3a3a3a3a3a3a3
            st.d t1, [t0]
            li   s7, 0x08080000
            la   t0, devices
            or   t0, t0, 1 << 63
            mmio.write.d t0, [s7 + 0x100]
            la   t0, collections
            or   t0, t0, 1 << 63
            mmio.write.d t0, [s7 + 0x108]
            la   t0, queue
            or   t0, t0, 1 << 63
            mmio.write.d t0, [s7 + 0x80]
            li   t0, 1
            mmio.write.w t0, [s7]
            call cpu_init

            li   s1, 0
        .collection:
            li   a0, 9                        # MAPC
            li   a1, 0
            sll  a2, s1, 16
            or   a2, a2, s1
            or   a2, a2, 1 << 63
            call command
            add  s1, s1, 1
            li   t0, {{Vcpus}}
            bne  s1, t0, .collection
            li   a0, 8 | (8 << 32)            # MAPD
            li   a1, 2
            la   a2, itt
            or   a2, a2, 1 << 63
            call command
            li   s1, 0
            li   s2, 0x10000000               # the MSI device
            li   s3, 0x10003000
        .event:
            li   a0, 0xa | (8 << 32)          # MAPTI
            add  a1, s1, 8192
            sll  a1, a1, 32
            or   a1, a1, s1
            and  a2, s1, 3
            call command
            li   t0, 0x08090040
            mmio.write.d t0, [s3]
            mmio.write.w s1, [s3 + 8]
            mmio.write.w zero, [s3 + 12]
            random t0, 40000
            add  t0, t0, 30000
            mmio.write.d t0, [s2 + 8]
            li   t0, 1
            mmio.write.w t0, [s2]
            add  s2, s2, 0x28
            add  s3, s3, 16
            add  s1, s1, 1
            li   t0, 6
            bne  s1, t0, .event
            li   s2, 0x10020000               # the level device
            li   t0, 40000
            mmio.write.d t0, [s2 + 8]
            li   t0, 1
            mmio.write.w t0, [s2]
            li   s6, 0x08000000
            li   t0, 1 << 16
            mmio.write.w t0, [s6 + 0x104]

            li   s0, {{rounds}}
        .round:
            random t0, 3                      # a CPU on: most are already
            add  a1, t0, 1
            li   a0, 0xc4000003
            la   a2, secondary
            li   a3, 0
            hvc  0
            random s1, 6
            li   a0, 1 | (8 << 32)            # MOVI
            move a1, s1
            random a2, 4
            call command
            li   a0, 3 | (8 << 32)            # INT
            move a1, s1
            li   a2, 0
            call command
            random t0, 4
            mmio.write.d t0, [s6 + 0x6180]    # IROUTER of 48
            li   t1, 1 << 16
            random t0, 2
            beqz t0, .masked
            mmio.write.w t1, [s6 + 0x184]
            mmio.read.w t0, [s6 + 0x304]
            mmio.write.w t1, [s6 + 0x104]
        .masked:
            li   t0, (1 << 40) | (3 << 24)
            sysreg.write t0, ICC_SGI1R_EL1
            li   t0, 0x0400000f
            sysreg.write t0, ICC_SGI1R_EL1
            random t0, 5
            bnez t0, .work
            li   a0, 0xd | (8 << 32)          # INVALL
            li   a1, 0
            random a2, 4
            call command
            mmio.write.w zero, [s6]
            li   t0, 2
            mmio.write.w t0, [s6]
        .work:
            random t0, 6000
            work t0
            sub  s0, s0, 1
            bnez s0, .round
            exit 0
        """;
}
