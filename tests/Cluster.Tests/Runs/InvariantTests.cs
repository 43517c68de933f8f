using System.Text.Json;
using Trapline.Cluster.Runs;
using Trapline.Machines.Results;
using Trapline.Machines.Scenarios;
using Trapline.Machines.Scenarios.Faults;
using Trapline.Messages;
using Xunit;

namespace Trapline.Cluster.Tests.Runs;

/// <summary>The invariants on the scenarios that users run: all hold, until a fault is planned.</summary>
public sealed class InvariantTests
{
    private const string Storm = "eiointc_driver=classic queues=4 period=20us";

    public static TheoryData<string> Scenarios => ScenarioFiles.Names();

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void All_hold_in_every_scenario_and_watching_changes_nothing(string name)
    {
        var scenario = ScenarioFiles.Load(name);
        var watched = Run(scenario, smoke: true);
        Assert.All(watched.Variants, variant => Assert.Empty(variant.Violations));
        Assert.Equal(Run(scenario, smoke: true, invariants: false).Digest, watched.Digest);
    }

    [Theory]
    [InlineData("iocsr")]
    [InlineData("pv")]
    public void All_hold_when_256_vCPUs_send_to_one_another_and_every_raise_is_accounted_for(string scheme)
    {
        var report = Run(One("ipi-multicast", $"pattern=all-to-all stride=dense scheme={scheme} vcpus=256"), threads: 2).Variants.Single();
        Assert.Equal("exit", report.EndReason);
        Assert.Empty(report.Violations);
        var totals = report.Interrupts;
        // By hypercall none is sent to whom something is under way already.
        Assert.True(scheme == "pv" ? totals.Raised is > 1_000 and < 256 * 255 * 4 : totals.Raised == 256 * 255 * 4, $"{totals}");
        Assert.Equal(totals.Raised, totals.Handled + totals.Coalesced + totals.Masked + totals.Pending);
    }

    [Theory]
    // A line of a sleeper that is not told: the raise is gone, and the CPU sleeps on.
    [InlineData("ipi-pingpong", null, "drop LineChange#17 ipi1->vcpu1", "raise-lost,asleep")]
    [InlineData("ipi-pingpong", null, "drop IpiSend#7 ipi0->ipi1", "raise-lost")]
    [InlineData("ipi-multicast", "pattern=all-to-all stride=dense scheme=iocsr vcpus=16", "drop IpiSend#2 ipi3->ipi7", "raise-lost")]
    [InlineData("msi-storm", Storm, "drop EventfdWrite#9", "raise-lost")]
    [InlineData("msi-storm", Storm, "drop PinInput#9 eventfd0->eiointc0", "raise-lost")]
    [InlineData("msi-storm", Storm, "drop LineChange#3 eiointc0->vcpu1", "raise-lost")]
    [InlineData("uart", "eiointc_driver=classic typing=burst", "drop PinInput#1 pchpic0->eiointc0", "raise-lost")]
    // What is no raise is missed all the same: a line that falls, a word that is read.
    [InlineData("ipi-pingpong", null, "drop LineChange#18 ipi1->vcpu1", "call")]
    [InlineData("ipi-multicast", "pattern=one-to-all stride=dense scheme=iocsr vcpus=16", "drop MemoryAccess#1 vcpu2->memory16", "call")]
    [InlineData("boot-256", null, "drop IpiSend#1 ipi0->ipi9", "call")]
    [InlineData("ipi-pingpong", null, "repeat LineChange#17 ipi1->vcpu1", "raise-repeated")]
    [InlineData("ipi-pingpong", null, "repeat IpiSend#17 ipi0->ipi1 by 3us", "raise-repeated")]
    [InlineData("msi-storm", Storm, "repeat PinInput#9 eventfd0->eiointc0", "raise-repeated")]
    // Without its answer a caller waits for ever; of the chain that waits, the last is named.
    [InlineData("ipi-pingpong", null, "drop IpiAnswer#7 ipi1->ipi0", "call")]
    [InlineData("msi-storm", Storm, "drop InputAnswer#9 eiointc0->eventfd0", "call")]
    [InlineData("ipi-multicast", "pattern=one-to-all stride=dense scheme=iocsr vcpus=16", "drop MemoryAnswer#1 memory16->vcpu2", "call")]
    public void A_planned_fault_is_found_and_named(string name, string? variant, string fault, string expected)
    {
        var report = Run(One(name, variant, fault)).Variants.Single();
        Assert.Equal(expected.Split(','), report.Violations.Select(violation => violation.Invariant));
        var hit = Assert.Single(report.Faults);
        Assert.All(report.Violations, violation => Assert.Equal(hit.Text, violation.Fault));
        Assert.InRange(hit.AtNs - report.Violations[0].AtNs, -4_000, 4_000);
    }

    [Theory]
    [InlineData("ipi-pingpong", null, "delay LineChange#17 ipi1->vcpu1 by 5us")]
    [InlineData("ipi-pingpong", null, "delay IpiSend#17 ipi0->ipi1 by 5us")]
    [InlineData("ipi-pingpong", null, "delay IpiAnswer#17 ipi1->ipi0 by 50us")]
    [InlineData("msi-storm", Storm, "delay PinInput#9 eventfd0->eiointc0 by 40us")]
    [InlineData("uart", "eiointc_driver=classic typing=burst", "delay LineChange#2 by 70us")]
    public void A_message_that_comes_late_is_no_violation(string name, string? variant, string fault)
    {
        var report = Run(One(name, variant, fault)).Variants.Single();
        Assert.Empty(report.Violations);
        Assert.NotEmpty(report.Faults);
        Assert.Equal("exit", report.EndReason);
    }

    [Theory]
    [InlineData("ipi-pingpong", null, "drop LineChange#17 ipi1->vcpu1")]
    [InlineData("ipi-multicast", "pattern=all-to-all stride=dense scheme=iocsr vcpus=16", "drop IpiSend#2 ipi->ipi")]
    [InlineData("msi-storm", Storm, "repeat PinInput#9 eventfd0->eiointc0")]
    [InlineData("ipi-pingpong", null, "drop IpiAnswer#7 ipi1->ipi0")]
    public void What_is_found_depends_on_no_thread_and_no_window(string name, string? variant, string fault)
    {
        var scenario = One(name, variant, fault);
        var plain = Found(Run(scenario));
        Assert.Equal(plain, Found(Run(scenario, threads: 2)));
        Assert.Equal(plain, Found(Run(scenario, threads: 4)));
        Assert.Equal(plain, Found(Run(scenario, window: VirtualTime.FromNanoseconds(7))));
        Assert.Equal(plain, Found(Run(scenario, window: new VirtualTime(24_999))));
    }

    [Fact]
    public void The_first_violation_ends_the_run_at_the_greatest_latency_later()
    {
        var report = Run(One("ipi-pingpong", null, "drop LineChange#17 ipi1->vcpu1")).Variants.Single();
        Assert.Equal("violation", report.EndReason);
        Assert.Equal(report.Violations[0].AtNs + 25, report.VirtualNs);
        Assert.StartsWith("ipi1: the LineChange to vcpu1 vanished", report.EndDetail, StringComparison.Ordinal);
        Assert.Empty(report.Expectations);
    }

    [Fact]
    public void A_life_leads_from_the_source_to_where_the_interrupt_vanished()
    {
        var violation = Run(One("ipi-pingpong", null, "drop LineChange#17 ipi1->vcpu1")).Variants.Single().Violations[0];
        Assert.Equal(
            [
                (166_905m, "vcpu0", "wrote IPI_SEND 0x80010001"),
                (167_805.5m, "ipi0", "IPI_SEND 0x80010001 carried to ipi1"),
                (167_830.5m, "ipi1", "IPI_SEND 0x80010001 from ipi0"),
                (167_830.5m, "ipi1", "raised vectors 0x2"),
                (167_830.5m, "ipi1", "fault: drop LineChange#17 ipi1->vcpu1"),
                (167_830.5m, "ipi1", "line IPI of vcpu1 driven high: this vanished"),
            ],
            violation.Life.Select(step => (step.AtNs, step.Actor, step.What)));
    }

    [Fact]
    public void The_life_of_a_device_s_interrupt_passes_all_controllers()
    {
        var life = Run(One("msi-storm", Storm, "drop LineChange#3 eiointc0->vcpu1")).Variants.Single().Violations[0].Life;
        Assert.Equal(
            [
                ("msidevice0", "began to raise it"),
                ("eventfd1", "written by msidevice0"),
                ("eiointc0", "input 33 driven high by eventfd1"),
                ("eiointc0", "raised vector 33"),
                ("eiointc0", "line HWI1 of vcpu1 driven high"),
                ("eiointc0", "fault: drop LineChange#3 eiointc0->vcpu1"),
                ("eiointc0", "line HWI1 of vcpu1 driven high: this vanished"),
            ],
            life.Select(step => (step.Actor, step.What)));
    }

    [Fact]
    public void A_fault_that_hits_nothing_changes_nothing_and_the_run_says_so()
    {
        var report = Run(One("ipi-pingpong", null, "drop LineChange#1000000"));
        Assert.Equal(Run(One("ipi-pingpong", null)).Digest, report.Digest);
        Assert.Contains(report.Warnings, warning => warning.Contains("no planned fault has hit anything", StringComparison.Ordinal));
    }

    private static Scenario One(string name, string? variant, params string[] faults)
    {
        var plans = faults.Select(text => FaultText.Parse(text, out var problem) ?? throw new ArgumentException(problem)).ToArray();
        var scenario = ScenarioFiles.Load(name, new ScenarioOverrides { Faults = plans });
        return scenario with { Variants = [.. scenario.Variants.Where(each => variant is null || each.Name == variant)] };
    }

    private static RunReport Run(Scenario scenario, int threads = 1, VirtualTime? window = null, bool smoke = false, bool invariants = true)
    {
        using var control = new RunControl();
        return RunSession.Run(new RunRequest { Scenario = scenario, Smoke = smoke, Threads = threads, Window = window, Invariants = invariants }, control);
    }

    /// <summary>All that a run found, without what says how it was carried out.</summary>
    private static string Found(RunReport report) => JsonSerializer.Serialize(report.Variants.Select(variant => variant with { WallSeconds = 0, Windows = 0 })) + report.Digest;
}
