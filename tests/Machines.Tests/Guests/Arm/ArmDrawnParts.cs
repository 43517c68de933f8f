namespace Trapline.Machines.Tests.Guests.Arm;

/// <summary>What the drawn guests of an ARM machine have in common: every interrupt and fault is handled as it comes, each CPU gets its frame, its LPIs and its timers.</summary>
internal static class ArmDrawnParts
{
    private const string HandlerText = """
        .align 2048
        vectors:
        .org vectors + 0x200
            sub  sp, sp, 16
            st.d t0, [sp]
            st.d t1, [sp + 8]
            count faults
            sysreg.read t0, ESR_EL1
            srl  t0, t0, 26
            li   t1, 0x15
            beq  t0, t1, fault_done
            sysreg.read t0, ELR_EL1
            add  t0, t0, 4
            sysreg.write t0, ELR_EL1
            b    fault_done
        .org vectors + 0x280
            sub  sp, sp, 16
            st.d t0, [sp]
            st.d t1, [sp + 8]
            sysreg.read t0, WORK
            sysreg.write t0, TPIDR_EL0
            sysreg.read t0, ICC_IAR1_EL1
            count irqs
            sysreg.write t0, ICC_EOIR1_EL1
            sysreg.write t0, ICC_DIR_EL1
            b    irq_done
        .org vectors + 0x300
            sub  sp, sp, 16
            st.d t0, [sp]
            st.d t1, [sp + 8]
            sysreg.read t0, WORK
            sysreg.write t0, TPIDR_EL0
            sysreg.read t0, ICC_IAR0_EL1
            count @FIQS@
            sysreg.write t0, ICC_EOIR0_EL1
            sysreg.write t0, ICC_DIR_EL1
        irq_done:
            sysreg.write zero, CNTV_CTL_EL0
        @QUIET@
            sysreg.read t0, TPIDR_EL0
            sysreg.write t0, WORK
        fault_done:
            ld.d t1, [sp + 8]
            ld.d t0, [sp]
            add  sp, sp, 16
            eret

        """;

    private const string CpuText = """
        cpu_init:
            la   t0, vectors
            sysreg.write t0, VBAR_EL1
            li   t0, 0xf8
            sysreg.write t0, ICC_PMR_EL1
            li   t0, 1
            sysreg.write t0, ICC_IGRPEN0_EL1
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
        @PENDING@
            mmio.write.d t0, [a0 + 0x78]
            li   t0, 1
            mmio.write.w t0, [a0]
            add  a0, a0, 0x10000
            li   t0, (1 << 27) | (1 << 30)
            mmio.write.w t0, [a0 + 0x100]
            daif.clear 3
            ret

        """;

    /// <summary>The vectors: faults go on behind what faulted, interrupts of both groups are ended and deactivated.</summary>
    /// <param name="fiqs">Counts those of group 0.</param>
    /// <param name="quiet">Makes sources fall silent: whole lines, with t0 and t1 to use.</param>
    public static string Handlers(string fiqs, string quiet) =>
        HandlerText.Replace("@FIQS@", fiqs, StringComparison.Ordinal).Replace("@QUIET@\n", quiet, StringComparison.Ordinal);

    /// <summary><c>cpu_init</c>: what each CPU does for itself. s8: its number.</summary>
    /// <param name="pendingIsZero">Whether it says that its pending table is.</param>
    public static string CpuInit(bool pendingIsZero) =>
        CpuText.Replace("@PENDING@\n", pendingIsZero ? "    or   t0, t0, 1 << 62\n" : "", StringComparison.Ordinal);
}
