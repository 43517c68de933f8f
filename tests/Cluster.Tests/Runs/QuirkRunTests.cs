using Trapline.Cluster.Runs;
using Trapline.Machines.Quirks;
using Trapline.Machines.Results;
using Trapline.Machines.Scenarios;
using Xunit;

namespace Trapline.Cluster.Tests.Runs;

/// <summary>Quirks in whole runs: the expectation that a quirk names fails with it, and holds without.</summary>
public sealed class QuirkRunTests
{
    [Theory]
    [InlineData("second-bitmap", 128)]
    [InlineData("bitmap-unread", 0)]
    [InlineData("stuck-message-word", 0)]
    public void A_machine_of_256_does_not_boot_where_multicasts_are_lost(string quirk, int awake)
    {
        Assert.All(Run("boot-256", null).Expectations, expectation => Assert.True(expectation.Holds, expectation.Text));

        var report = Run("boot-256", null, quirk);
        Assert.Equal("drained", report.EndReason);
        Assert.Equal(255, report.Counters["online"]);
        // V5 names ids 1 to 64 and 129 to 192 twice, and the rest of both windows never.
        Assert.Equal(awake, report.Vcpus.Count(vcpu => vcpu.Lines.GetValueOrDefault("SWI0") > 0));
        Assert.Contains(report.Expectations, expectation => expectation.Text == "endReason == \"exit\"" && !expectation.Holds);
    }

    [Fact]
    public void Mail_by_the_bus_is_counted_at_the_target_too()
    {
        var well = Run("boot-256", null).Counters["ipi_write_exits"];
        Assert.Equal(well + 1022, Run("boot-256", null, "mail-send-by-bus").Counters["ipi_write_exits"]);
    }

    [Fact]
    public void Messages_that_only_CPU_0_can_see_are_never_acknowledged()
    {
        const string Variant = "eiointc_driver=classic queues=4 period=100us";
        const string Exposing = "interrupts(\"handled\") + interrupts(\"coalesced\") == interrupts(\"raised\")";
        Assert.True(Run("msi-storm", Variant).Expectations.Single(expectation => expectation.Text == Exposing).Holds);
        Assert.False(Run("msi-storm", Variant, "coreisr-of-cpu0").Expectations.Single(expectation => expectation.Text == Exposing).Holds);
    }

    [Fact]
    public void A_quirk_that_a_run_does_not_meet_changes_its_fingerprint_and_not_its_digest()
    {
        var (plain, quirky) = (One("ipi-pingpong", null), One("ipi-pingpong", null, "mask-withdraws"));
        Assert.NotEqual(FingerprintOf(plain), FingerprintOf(quirky));
        var (first, second) = (Report(plain), Report(quirky));
        Assert.Equal(first.Digest, second.Digest);
        Assert.DoesNotContain(first.Warnings, warning => warning.Contains("quirk", StringComparison.Ordinal));
        Assert.Contains("quirks are on in 1 of 1 variants: mask-withdraws", second.Warnings);
    }

    private static string FingerprintOf(Scenario scenario) => RunFingerprint.Of([VariantPlan.Of(scenario, scenario.Variants[0])], smoke: false);

    private static Scenario One(string name, string? variant, params string[] quirks)
    {
        var scenario = ScenarioFiles.Load(name);
        var set = new QuirkSet(quirks.Select(quirk => QuirkTable.Find(quirk)!));
        return scenario with
        {
            Variants = [.. scenario.Variants.Where(each => variant is null || each.Name == variant).Select(each => each with { Machine = each.Machine with { Quirks = set } })],
        };
    }

    private static VariantReport Run(string name, string? variant, params string[] quirks) => Report(One(name, variant, quirks)).Variants.Single();

    private static RunReport Report(Scenario scenario)
    {
        using var control = new RunControl();
        return RunSession.Run(new RunRequest { Scenario = scenario, Threads = 1 }, control);
    }
}
