using Trapline.Actors.Kernel;
using Trapline.Cluster.Runs;
using Trapline.Machines.Scenarios;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Cluster.Tests.Runs.Checkpoints;

/// <summary>
/// A run that is saved and carried on by fresh actors finds what one finds that is left alone. Each cut is made in the run
/// that the last one restored: so the work grows with the number of cuts, not with its square.
/// </summary>
[Trait("Runs", "Once")]
public sealed class EveryWindowTests(ITestOutputHelper output)
{
    /// <summary>Set to 1: all windows of all variants, which takes many minutes rather than one.</summary>
    private const string AllWindows = "TRAPLINE_EVERY_WINDOW";

    /// <summary>vCPUs restored in one variant at most, over all its cuts, where not all windows are asked for.</summary>
    private const long VcpusPerVariant = 1_000;

    private const string Draws = """
        .arch loongarch
        .shared cell, 8
        start:
            random t0, 1000
            st.d   t0, [cell]
            work   100ns
            ld.d   t1, [cell]
            count  drawn
            b      start

        """;

    private static readonly bool All = Environment.GetEnvironmentVariable(AllWindows) == "1";

    public static TheoryData<string> Scenarios => ScenarioFiles.Names();

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void A_run_that_is_saved_and_restored_at_its_windows_finds_the_same(string name)
    {
        var scenario = ScenarioFiles.Load(name);
        var (cuts, windows, whole) = (0L, 0L, 0);
        foreach (var cell in scenario.Variants)
        {
            var variant = VariantPlan.Of(scenario, cell);
            var undisturbed = Undisturbed(variant, out var length);
            var share = All ? length : Math.Min(length, Math.Max(2, VcpusPerVariant / cell.Vcpus));
            Assert.Equal(undisturbed, Disturbed(variant, length, share, ref cuts));
            windows += length;
            whole += share == length ? 1 : 0;
        }

        output.WriteLine($"{name}: cut at {cuts} of {windows} windows, at each one of {whole} of {scenario.Variants.Count} variants; {AllWindows}=1 cuts at all");
    }

    /// <summary>None of the scenarios draws: this one does for all purposes, so that a count of draws that is not saved is noticed.</summary>
    [Fact]
    public void So_does_one_in_which_the_seed_decides_much()
    {
        var folder = Directory.CreateTempSubdirectory("every-window-");
        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, "costs"));
            File.Copy(Path.Combine(ScenarioFiles.Folder, "costs", "3c5000.yaml"), Path.Combine(folder.FullName, "costs", "3c5000.yaml"));
            File.WriteAllText(Path.Combine(folder.FullName, "d.guest"), Draws);
            var path = Path.Combine(folder.FullName, "d.yaml");
            File.WriteAllText(path, "name: draws\nmachine: {board: loongarch-virt, vcpus: 2}\nguest: {file: d.guest}\ncosts: 3c5000\nlength: {until: 400us, smoke: 60us}\nperturb: {work: 5%, delays: 20ns}\n");
            var loaded = ScenarioLoader.Load(path);
            Assert.Empty(loaded.Errors);
            var variant = VariantPlan.Of(loaded.Scenario!, loaded.Scenario!.Variants[0]);
            var (undisturbed, cuts) = (Undisturbed(variant, out var windows), 0L);
            Assert.Equal(undisturbed, Disturbed(variant, windows, windows, ref cuts));
            Assert.InRange(cuts, 100, windows);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Undisturbed(VariantPlan variant, out long windows)
    {
        using var engine = Create(variant, out var limit);
        engine.Start();
        engine.Run(VirtualTime.Never);
        windows = engine.Windows;
        return Finding.Of(engine, variant, limit);
    }

    /// <param name="variant">The variant.</param>
    /// <param name="windows">That it has.</param>
    /// <param name="share">Of its windows at whose ends it is cut; which, the seed decides.</param>
    /// <param name="cuts">Counts them.</param>
    private static string Disturbed(VariantPlan variant, long windows, long share, ref long cuts)
    {
        var engine = Create(variant, out var limit);
        try
        {
            engine.Start();
            var window = engine.Plan.Window;
            for (var n = 0UL; engine.NextDue < engine.StopAt; n++)
            {
                engine.Run(engine.NextDue + window);
                if (engine.End is null && engine.NextDue < engine.StopAt && Chosen(variant, n, windows, share))
                {
                    cuts++;
                    var next = Restored(engine, variant);
                    engine.Dispose();
                    engine = next;
                }
            }

            return Finding.Of(engine, variant, limit);
        }
        finally
        {
            engine.Dispose();
        }
    }

    private static bool Chosen(VariantPlan variant, ulong window, long windows, long share) =>
        share == windows || (long)CounterRandom.DrawBelow((ulong)windows, variant.Scenario.Seed, default, RandomPurpose.PathJitter, window) < share;

    private static Engine Restored(Engine engine, VariantPlan variant)
    {
        var written = engine.Groups.Select(Written).ToArray();
        var next = Create(variant, out _);
        next.Load(group => new StateReader(written[group.Index]));

        // A row that is written and not loaded shows here at once, and not at the end of a run that happened not to need it.
        Assert.All(next.Groups, group => Assert.True(Written(group).AsSpan().SequenceEqual(written[group.Index]), $"{group.Name} at {engine.NextDue} in {variant.Variant.Name}"));
        return next;
    }

    private static byte[] Written(Group group)
    {
        var writer = new StateWriter();
        group.SyncState(writer);
        return writer.Written.ToArray();
    }

    private static Engine Create(VariantPlan variant, out VirtualTime limit)
    {
        var plan = variant.Build();
        limit = variant.Length(smoke: true, plan.Window);
        var engine = new Engine(plan, Placement.OneNode(plan.Groups.Count), 0, new EngineOptions { Invariants = variant.IsVirtual });
        engine.StopBefore(limit);
        return engine;
    }
}
