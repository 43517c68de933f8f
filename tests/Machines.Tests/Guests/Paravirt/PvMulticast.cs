using Trapline.Actors.Kernel;
using Trapline.Machines.Boards;
using Xunit;

namespace Trapline.Machines.Tests.Guests.Paravirt;

/// <summary>One round of IPIs by the guest library: who is visited in which order, and what the others do meanwhile.</summary>
internal sealed record PvMulticast
{
    private const int Vcpus = 256;

    /// <summary>Physical ids in the order in which the sender visits them: logical numbers 0, 1, …</summary>
    public required IReadOnlyList<int> Ids { get; init; }

    public int Caller { get; init; }

    /// <summary>Ids to which something is on its way already.</summary>
    public IReadOnlyList<int> Pending { get; init; } = [];

    /// <summary>ACTION_RESCHEDULE; 0 is ACTION_BOOT_CPU.</summary>
    public int Action { get; init; } = 1;

    /// <summary>By hypercall, or by IOCSR.</summary>
    public bool Paravirt { get; init; } = true;

    /// <summary>The others run guest code; otherwise they sleep.</summary>
    public bool TargetsRun { get; init; }

    /// <summary>The others do not listen: what they are sent stays.</summary>
    public bool Deaf { get; init; }

    /// <summary>Picoseconds that the caller was outside for hypercalls, and how many there were.</summary>
    public static (long Count, long Picoseconds) Hypercalls(GuestRun run, int caller) =>
        (run.Exits(caller, "hypercall").Count, run.Exits(caller, "hypercall").Total);

    /// <summary>Exits of a kind, of all vCPUs.</summary>
    public static long All(GuestRun run, string reason) => Enumerable.Range(0, Vcpus).Sum(cpu => run.Exits(cpu, reason).Count);

    /// <summary>Bitmap and base of each hypercall.</summary>
    public static List<(ulong Low, ulong High, ulong Base)> Calls(GuestRun run, int caller) =>
        [.. run.Marks(caller, "low").Zip(run.Marks(caller, "high"), run.Marks(caller, "base")).Select(call => (call.First.Value, call.Second.Value, call.Third.Value))];

    public GuestRun Run(Func<string, string>? rewrite = null, EngineOptions? options = null)
    {
        var run = New(rewrite, options).ToEnd();
        Assert.True(run.End is { Reason: EndReason.Exit, Code: 0 }, run.End?.Detail ?? "the guest did not come to its exit");
        return run;
    }

    public GuestRun New(Func<string, string>? rewrite = null, EngineOptions? options = null) => new(
        Source(), Vcpus, options: options, rewrite: rewrite ?? Observed,
        paravirt: Paravirt ? Paravirtualization.Final : Paravirtualization.None);

    /// <summary>The library, noting what it calls with. A mark is an instruction; it traps nothing.</summary>
    private static string Observed(string text) => text.Replace(
        "    hypercall KVM_HCALL_SERVICE",
        "    mark low, a1\n    mark high, a2\n    mark base, a3\n    hypercall KVM_HCALL_SERVICE",
        StringComparison.Ordinal);

    /// <summary>The native routines know no logical numbers on this board: theirs is a mask of ids.</summary>
    private string Mask()
    {
        var words = new ulong[Vcpus / 64];
        for (var i = 0; i < Ids.Count; i++)
        {
            var bit = Paravirt && Action != 0 ? i : Ids[i];
            words[bit / 64] |= 1ul << (bit % 64);
        }

        return string.Join(", ", words.Select(word => $"0x{word:x}"));
    }

    private string Source()
    {
        var (listen, wait) = Deaf ? ("csr.write zero, ECFG", "idle") : TargetsRun ? ("INTERRUPTS_ON", "work 20ms") : ("nop", "IDLE");
        var pending = string.Concat(Pending.Select(id => $"    li t0, {id}\n    la.percpu t0, pv_message, t0\n    li t1, 2\n    st.w t1, [t0]\n"));
        var order = string.Join(", ", Ids.DefaultIfEmpty(0));
        return $"""
            .include "exception.inc.guest"
            .include "pv-ipi.inc.guest"
            .shared order, half {order}
            .shared bits, double {Mask()}
            EXCEPTION_HANDLER on_ipi, exception_unexpected, exception_unexpected, on_software
            on_ipi:
                PUSH ra
                call ipi_read_clear
                POP  ra
                count handled
                ret
            on_software:
                PUSH ra
                call pv_ipi_read_clear
                POP  ra
                count handled
                ret
            start:
                call exception_init
                cpu.index t0
                li   t1, {Caller}
                beq  t0, t1, caller
                work 40us
                call smp_init_ipi
                {listen}
            .wait:
                {wait}
                b    .wait
            caller:
                count targets, 0
                call pv_ipi_init
                call smp_init_ipi
                work 1ms                      # the others have done so too
                la.percpu t0, cpu_logical_map
                la   t1, order
                li   t2, {Ids.Count}
            .copy:
                beqz t2, .copied
                ld.hu t3, [t1]
                st.h t3, [t0]
                add  t0, t0, 2
                add  t1, t1, 2
                sub  t2, t2, 1
                b    .copy
            .copied:
            {pending}
                la   a0, bits
                li   a1, {Action}
                mark begin
                call smp_send_mask
                mark end
                work 4ms
                exit
            """;
    }
}
