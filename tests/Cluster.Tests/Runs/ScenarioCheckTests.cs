using Trapline.Cluster.Runs;
using Trapline.Machines.Scenarios;
using Trapline.Messages;
using Xunit;

namespace Trapline.Cluster.Tests.Runs;

public sealed class ScenarioCheckTests
{
    public static TheoryData<string> Scenarios => ScenarioFiles.Names();

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Every_scenario_validates_and_names_the_path_that_limits_L(string name)
    {
        var scenario = ScenarioFiles.Load(name);

        // What the board's cost profile has for a path: 3c5000, ampere-altra.
        var path = scenario.Variants[0].Board == Board.ArmVirt ? "50ns" : "25ns";
        Assert.All(ScenarioCheck.Check(scenario), topology =>
        {
            Assert.Equal(path, topology.LookaheadText);
            // Of equal latencies the first counts; a machine of one vCPU has no path to another.
            var limiting = topology.Groups > 2 ? "vcpu0 -> vcpu1" : "vcpu0 -> board";
            Assert.Equal(name == "rack" ? "machine0.vcpu0 -> machine0.vcpu1" : limiting, topology.LimitingPath);
        });
    }

    [Fact]
    public void A_smoke_length_of_too_many_windows_is_refused()
    {
        var scenario = ScenarioFiles.Load("ipi-pingpong");
        var variant = scenario.Variants[0] with { Smoke = VirtualTime.FromNanoseconds(500_001) };
        var failure = Assert.Throws<RunException>(() => ScenarioCheck.Check(scenario with { Variants = [variant] }));
        Assert.Contains("20001 windows of 25ns; at most 20000", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_parameter_that_the_guest_does_not_have_is_refused()
    {
        var scenario = ScenarioFiles.Load("ipi-pingpong");
        var variant = scenario.Variants[0] with { Constants = new Dictionary<string, long> { ["round"] = 3 } };
        var failure = Assert.Throws<RunException>(() => ScenarioCheck.Check(scenario with { Variants = [variant] }));
        Assert.Equal(RunFailure.Input, failure.Failure);
        Assert.Contains("rounds", failure.Message, StringComparison.Ordinal);
    }
}
