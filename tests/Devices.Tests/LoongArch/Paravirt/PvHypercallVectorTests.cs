using Trapline.Devices.LoongArch.Paravirt;

namespace Trapline.Devices.Tests.LoongArch.Paravirt;

/// <summary>The numbered vectors H1 to H15 of the dispatch of hypercalls, on 16 vCPUs.</summary>
public sealed class PvHypercallVectorTests
{
    private const ulong InvalidCode = 0xFFFF_FFFF_FFFF_FFFF;

    private static PvBench Final() => new(ParavirtProfiles.Final, PvBench.Contiguous(16));

    private static PvBench V6() => new(ParavirtProfiles.V6, PvBench.Contiguous(16));

    /// <summary>One call, after which pc has gone on.</summary>
    private static void Calls(PvBench bench, int code, ulong a0, ulong a1, ulong result, ulong exits, int[] signalled)
    {
        var pc = bench.Pc;
        bench.Call(code, a0, a1);
        Assert.Equal(result, bench.Arguments[0]);
        Assert.Equal(exits, bench.Hypercalls.Exits);
        Assert.Equal(signalled, bench.Signalled());
        Assert.Equal(pc + 4, bench.Pc);
    }

    private static void Both(int code, ulong a0, ulong a1, ulong result, ulong exits, params int[] signalled)
    {
        Calls(Final(), code, a0, a1, result, exits, signalled);
        Calls(V6(), code, a0, a1, result, exits, signalled);
    }

    [Fact]
    public void H1_an_ipi_to_one() => Both(0x100, 1, 2, 0, 1, 1);

    [Fact]
    public void H2_function_0_is_unknown_and_counted() => Both(0x100, 0, 0, InvalidCode, 1);

    [Fact]
    public void H3_so_is_99() => Both(0x100, 99, 0, InvalidCode, 1);

    [Fact]
    public void H4_all_64_bits_of_the_function_count() => Both(0x100, 0x1_0000_0001, 1, InvalidCode, 1);

    [Fact]
    public void H5_code_0_is_unknown_and_not_counted() => Both(0, 1, 1, InvalidCode, 0);

    [Fact]
    public void H6_so_is_the_greatest_code() => Both(0x7FFF, 1, 0, InvalidCode, 0);

    [Fact]
    public void H7_a_breakpoint_that_nobody_set() => Calls(Final(), 0x101, 1, 0, InvalidCode, 0, []);

    [Fact]
    public void H8_a_breakpoint_stops_at_itself()
    {
        var bench = Final();
        bench.Hypercalls.Debugging = true;
        var pc = bench.Pc;
        Assert.Equal(HypercallEffect.ExitForDebugger, bench.Call(0x101, 1));
        Assert.Equal((1ul, pc, 0ul), (bench.Arguments[0], bench.Pc, bench.Hypercalls.Exits));
    }

    [Fact]
    public void H9_user_space_serves_nothing_by_default() => Calls(Final(), 0x102, 7, 0, InvalidCode, 0, []);

    [Fact]
    public void H10_user_space_that_writes_nothing_leaves_the_preset_result()
    {
        const ulong Preset = InvalidCode;
        var bench = WithUserHypercalls(out var pc);
        Assert.Equal(Preset, bench.Arguments[0]);
        Assert.Equal(pc, bench.Pc);
        bench.RunAgain(bench.Arguments[0]);
        Assert.Equal((Preset, pc + 4, 1ul), (bench.Arguments[0], bench.Pc, bench.Hypercalls.Exits));
    }

    [Fact]
    public void H11_user_space_gives_the_result_when_the_vcpu_runs_again()
    {
        var bench = WithUserHypercalls(out var pc);
        bench.RunAgain(42);
        Assert.Equal((42ul, pc + 4, 1ul), (bench.Arguments[0], bench.Pc, bench.Hypercalls.Exits));
    }

    [Fact]
    public void H12_V6_knows_no_user_service() => Calls(V6(), 0x102, 7, 0, InvalidCode, 0, []);

    [Fact]
    public void H13_a_feature_that_is_off_is_refused_and_counted()
    {
        var bench = Final();
        Assert.Equal(0, bench.SetFeatures(0, 0xC));
        Calls(bench, 0x100, 1, 2, InvalidCode, 1, []);
    }

    [Fact]
    public void H14_V6_knows_no_notify() => Calls(V6(), 0x100, 2, 0, InvalidCode, 1, []);

    [Fact]
    public void H15_nothing_but_a0_changes()
    {
        foreach (var bench in new[] { Final(), V6() })
        {
            Assert.Equal(HypercallEffect.SendIpi, bench.Call(0x100, 1, 0xFFFF, 0, 0, 0xAAAA, 0xBBBB));
            Assert.Equal([0, 0xFFFF, 0, 0, 0xAAAA, 0xBBBB], bench.Arguments);
            Assert.Equal(PvBench.Contiguous(16), bench.Signalled());
            Assert.Equal(1ul, bench.Hypercalls.Exits);
        }
    }

    [Fact]
    public void A_crash_is_told_where_the_newest_trees_allow_it()
    {
        Calls(Final(), 0x103, 5, 0, InvalidCode, 0, []);
        var bench = new PvBench(ParavirtProfiles.Newest, [0]);
        Calls(bench, 0x103, 5, 0, InvalidCode, 0, []);
        Assert.Equal(0, bench.SetFeatures(0, 0x10));
        var pc = bench.Pc;
        Assert.Equal(HypercallEffect.ExitForCrash, bench.Call(0x103, 5));
        Assert.Equal((5ul, pc, 0ul), (bench.Arguments[0], bench.Pc, bench.Hypercalls.Exits));
    }

    [Fact]
    public void No_code_and_no_registers_do_anything_but_what_the_table_says() => Step.CheckAll(steps =>
    {
        var bench = Final();
        foreach (var step in steps)
        {
            var code = step.Action % 0x8000;
            var (pc, exits) = (bench.Pc, bench.Hypercalls.Exits);
            var isService = code == 0x100;
            var effect = bench.Call(code, step.Value, (ulong)step.Place, step.Value, step.Value);
            Assert.Equal(isService ? 1ul : 0, bench.Hypercalls.Exits - exits);
            Assert.Equal(pc + 4, bench.Pc);
            Assert.Equal(isService, effect != HypercallEffect.ReturnUncounted);
        }
    });

    private static PvBench WithUserHypercalls(out ulong pc)
    {
        var bench = Final();
        Assert.Equal(0, bench.SetFeatures(0, 0x0200_0002));
        pc = bench.Pc;
        Assert.Equal(HypercallEffect.ExitToUser, bench.Call(0x102, 7));
        return bench;
    }
}
