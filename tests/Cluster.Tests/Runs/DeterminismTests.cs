using Trapline.Cluster.Runs;
using Trapline.Machines.Results;
using Trapline.Machines.Scenarios;
using Trapline.Messages;
using Xunit;

namespace Trapline.Cluster.Tests.Runs;

/// <summary>The first law: the result depends on scenario and seed, and on nothing else.</summary>
public sealed class DeterminismTests
{
    public static TheoryData<string> Scenarios => ScenarioFiles.Names();

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void A_scenario_has_one_digest_on_any_threads_and_for_any_window_length(string name)
    {
        var plain = Run(name);
        Same(plain, Run(name));
        Same(plain, Run(name, threads: 2));
        Same(plain, Run(name, threads: 4));
        Same(plain, Run(name, window: VirtualTime.FromNanoseconds(7)));
        Same(plain, Run(name, window: new VirtualTime(24_999)));
    }

    [Fact]
    public void Another_seed_gives_another_digest_where_it_breaks_ties()
    {
        var reports = Enumerable.Range(1, 3).Select(seed => Variant("pattern=all-to-all stride=dense scheme=iocsr vcpus=16", (ulong)seed)).ToArray();
        Assert.All(reports, report => Assert.True(report.SeedDecided));
        Assert.Equal(3, reports.Select(report => report.Digest).Distinct().Count());
    }

    [Fact]
    public void A_seed_that_decides_nothing_changes_nothing_and_the_run_says_so()
    {
        var (one, two) = (Run("ipi-pingpong"), Run("ipi-pingpong", overrides: new ScenarioOverrides { Seed = 2 }));
        Same(one, two);
        Assert.Contains(one.Warnings, warning => warning.Contains("the seed decided nothing", StringComparison.Ordinal));
    }

    [Fact]
    public void A_message_changed_on_its_way_changes_the_digest()
    {
        // The cost of a kick travels as a word of an answer: one picosecond more is another run.
        var scenario = ScenarioFiles.Load("ipi-pingpong");
        var costs = scenario.Costs.Costs.Select(cost => cost.Name == "kickIdle" ? cost with { Value = cost.Value + new VirtualTime(1) } : cost);
        var changed = scenario with { Costs = scenario.Costs with { Costs = [.. costs] } };
        Assert.NotEqual(Run(scenario).Digest, Run(changed).Digest);
    }

    private static VariantReport Variant(string name, ulong seed)
    {
        var scenario = ScenarioFiles.Load("ipi-multicast", new ScenarioOverrides { Seed = seed });
        return Run(scenario with { Variants = [.. scenario.Variants.Where(variant => variant.Name == name)] }).Variants.Single();
    }

    private static RunReport Run(string name, int threads = 1, VirtualTime? window = null, ScenarioOverrides? overrides = null) =>
        Run(ScenarioFiles.Load(name, overrides), threads, window);

    private static RunReport Run(Scenario scenario, int threads = 1, VirtualTime? window = null)
    {
        using var control = new RunControl();
        return RunSession.Run(new RunRequest { Scenario = scenario, Smoke = true, Threads = threads, Window = window }, control);
    }

    private static void Same(RunReport expected, RunReport actual)
    {
        Assert.Equal(expected.Variants.Select(variant => (variant.Name, variant.Digest)), actual.Variants.Select(variant => (variant.Name, variant.Digest)));
        Assert.Equal(expected.Digest, actual.Digest);
        Assert.Equal(expected.VirtualNs, actual.VirtualNs);
        Assert.Equal(expected.Messages, actual.Messages);
    }
}
