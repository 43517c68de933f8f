using System.Text;
using Trapline.Messages;

namespace Trapline.Machines.Tests.Guests;

/// <summary>
/// Guests of drawn instructions: sends of all kinds, hypercalls, remote atomics, waits, sleep, timers, work, traps to user space,
/// interrupts off and on. Each CPU has its own; all come to an end, because a periodic timer ends every wait and sleep.
/// </summary>
internal sealed class RandomGuest(ulong seed, int vcpus)
{
    private ulong _draws;

    public string Build()
    {
        var text = new StringBuilder("""
            .shared common, 64
            .shared finished, 8
            .percpu mine, 64
            .align 4096
            handler:
                csr.write t0, SAVE0
                csr.write t1, SAVE1
                csr.read t0, ESTAT
                and  t1, t0, 1 << 11
                beqz t1, .no_timer
                li   t1, 1
                csr.write t1, TICLR
                li   t1, 1
                amadd.d zero, t1, [common]
                la.percpu t1, mine
                amadd.d zero, s8, [t1]
                count timers
            .no_timer:
                and  t1, t0, 1
                beqz t1, .no_swi
                csr.xchg zero, t1, ESTAT
                count software
            .no_swi:
                and  t1, t0, 1 << 12
                beqz t1, .no_ipi
                iocsr.read.w t1, [0x1000]
                iocsr.write.w t1, [0x100c]
                count ipis
            .no_ipi:
                csr.read t0, SAVE0
                csr.read t1, SAVE1
                ertn
            .macro ON
                li   t0, 4
                csr.write t0, CRMD
            .endm
            start:
                la   t0, handler
                csr.write t0, EENTRY
                li   t0, 1 << 12 | 1 << 11 | 1
                csr.write t0, ECFG
                li   s8, 1
                cpu.index t0

            """);
        for (var cpu = 0; cpu < vcpus; cpu++)
        {
            text.AppendLine($"    li   t1, {cpu}\n    beq  t0, t1, cpu{cpu}");
        }

        for (var cpu = 0; cpu < vcpus; cpu++)
        {
            AppendCpu(text, cpu);
        }

        return text.Append("""
            finish:
                ON
                work 10us
                amadd.d t1, s8, [finished]
                li   t2, vcpus - 1
                beq  t1, t2, .last
            .sleep:
                idle
                b    .sleep
            .last:
                work 60us
                exit
            """).ToString();
    }

    private void AppendCpu(StringBuilder text, int cpu)
    {
        text.AppendLine($"cpu{cpu}:\n    li   t0, {PeriodicTimer()}\n    csr.write t0, TCFG\n    ON\n    li   s0, 3\n.again:");
        for (var i = 0; i < 25; i++)
        {
            text.AppendLine(Statement());
        }

        text.AppendLine("    ON\n    sub  s0, s0, 1\n    bnez s0, .again\n    b    finish");
    }

    private string Statement() => Below(20) switch
    {
        0 => $"work {Below(3_000)}",
        1 => $"random t2, {1 + Below(2_000)}\nwork t2",
        2 or 3 => $"li t2, {(Below(vcpus) << 16) | Below(32)}\niocsr.write.w t2, [0x1040]",
        4 => $"li t2, {1L << (int)Below(31)} << 32 | {Below(vcpus)} << 16 | 0x1008\niocsr.write.d t2, [0x1158]",
        5 => $"li t2, -1 << 32 | {Below(vcpus)} << 16 | 0x100c\niocsr.write.d t2, [0x1158]",
        6 => $"li t2, {(Below(vcpus) << 16) | Below(32)} << 32 | {Below(vcpus)} << 16 | 0x1040\niocsr.write.d t2, [0x1158]",
        7 => $"li t2, {Below(1 << 20)} << 32 | {Below(vcpus + 2)} << 16 | {Below(8)} << 2\niocsr.write.d t2, [0x1048]",
        8 => $"li t2, {Below(vcpus)}\nla.percpu t3, mine, t2\namadd.d t4, s8, [t3 + {Below(3) * 8}]",
        9 => $"li t2, {Below(100)}\namxor.w t3, t2, [common + 8]\nst.w t3, [common + 16]",
        10 => "la.percpu t3, mine\nld.d t4, [t3]\nadd t4, t4, 3\nst.d t4, [t3]",
        11 or 12 => "ON\nld.d t2, [common]\nwait.d t3, [common], t2\ncount waited",
        13 => $"li t2, {Below(vcpus)}\nla.percpu t3, mine, t2\nld.w t4, [t3]\nON\nadd t5, t4, 1\nwait.w t4, [t3], t5",
        14 => "idle",
        15 => "csr.write zero, CRMD",
        16 => $"li t2, {4 * (1 + Below(10))} | 1\ncsr.write t2, TCFG\nwork {Below(300)}\nli t2, {PeriodicTimer()}\ncsr.write t2, TCFG",
        17 or 18 => $"li a0, 1\nli a1, {Below(1L << Math.Min(vcpus, 62))}\nli a2, {Below(2)}\nli a3, {Below(vcpus) - 1}\nhypercall 0x100",
        _ => new[] { "cpucfg t2, zero", "mmio.read.w t2, [zero]", "li t2, 3\ncsr.write t2, ESTAT\ncsr.write zero, ESTAT", "li t2, 1\ncsr.write t2, ESTAT", "mark here", "fence", "li a0, 3\nhypercall 0x100", "hypercall 5" }[Below(8)],
    };

    private string PeriodicTimer() => $"{4 * (150 + Below(500))} | 3";

    private long Below(long bound) => (long)CounterRandom.DrawBelow((ulong)bound, seed, new ActorAddress(0, ActorRole.Process, 0), RandomPurpose.Synthetic, _draws++);
}
