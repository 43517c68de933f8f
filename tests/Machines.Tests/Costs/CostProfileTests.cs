using System.Text;
using Trapline.Machines.Costs;
using Trapline.Machines.Tests.Scenarios;
using Trapline.Machines.Yaml;
using Trapline.Messages;
using Xunit;

namespace Trapline.Machines.Tests.Costs;

public sealed class CostProfileTests
{
    private static readonly string ProfilePath = Repository.PathOf("scenarios", "costs", "3c5000.yaml");
    private static readonly string Text = File.ReadAllText(ProfilePath);

    private static CostProfile Profile
    {
        get
        {
            var result = CostProfileLoader.Load(ProfilePath);
            Assert.Empty(result.Errors);
            return Assert.IsType<CostProfile>(result.Profile);
        }
    }

    [Theory]
    [InlineData("instruction", "t_i", 500, CostBasis.Assumed)]
    [InlineData("remoteMemory", "t_mem", 100_000, CostBasis.Assumed)]
    [InlineData("hypercall", "E", 1_213_000, CostBasis.Fitted)]
    [InlineData("hypercallDecode", "h_call", 30_000, CostBasis.Assumed)]
    [InlineData("hypercallTarget", "h_tgt", 20_000, CostBasis.Assumed)]
    [InlineData("kernelAccess", "C_kern", 1_801_000, CostBasis.Literature)]
    [InlineData("userAccess", "C_user", 5_357_000, CostBasis.Fitted)]
    [InlineData("injectionIoctl", "J", 300_000, CostBasis.Assumed)]
    [InlineData("kickIdle", "K_idle", 770_000, CostBasis.Assumed)]
    [InlineData("kickRunning", "K_run", 250_000, CostBasis.Assumed)]
    [InlineData("kickOutside", "K_out", 50_000, CostBasis.Assumed)]
    [InlineData("wakeRunning", "D_run", 2_700_000, CostBasis.Literature)]
    [InlineData("wakeIdle", "D_idle", 5_000_000, CostBasis.Assumed)]
    [InlineData("guestHandler", "g", 500_000, CostBasis.Assumed)]
    [InlineData("wakeUpPath", "W", 1_100_000, CostBasis.Fitted)]
    [InlineData("nativeIpi", "n", 0, CostBasis.Assumed)]
    [InlineData("vmmLockHold", "t_lock", 800_000, CostBasis.Assumed)]
    public void The_3c5000_has_the_exact_costs_in_picoseconds(string name, string symbol, long picoseconds, CostBasis basis)
    {
        var cost = Profile[name];

        Assert.Equal((symbol, picoseconds, basis), (cost.Symbol, cost.Value.Picoseconds, cost.Basis));
    }

    [Fact]
    public void The_3c5000_reproduces_the_three_published_figures()
    {
        var profile = Profile;
        long Ns(string name) => profile[name].Value.Picoseconds / VirtualTime.PerNanosecond;

        var physical = 16 * Ns("wakeUpPath");
        Assert.Equal(17_600, physical);
        Assert.Equal(114_005, physical + (15 * (Ns("userAccess") + Ns("injectionIoctl") + Ns("kickIdle") - Ns("nativeIpi"))));
        Assert.Equal(48_095, physical + (15 * (Ns("hypercall") + Ns("hypercallDecode") + Ns("hypercallTarget") + Ns("kickIdle") - Ns("nativeIpi"))));
    }

    [Fact]
    public void The_factors_are_those_the_costs_were_derived_from()
    {
        var factors = Profile.Factors.ToDictionary(factor => factor.Symbol, factor => (factor.Low, factor.Value, factor.High));

        Assert.Equal((0.5m, 0.70m, 0.9m), factors["kappa"]);
        Assert.Equal((3.97m, 4.415m, 5.65m), factors["r_u"]);
        Assert.Equal((1.40m, 1.485m, 1.56m), factors["r_k"]);
        Assert.Equal((1.0m, 1.0m, 1.1m), factors["V"]);
    }

    [Theory]
    [InlineData("hypercall", 1104, 1213)]
    [InlineData("userAccess", 4383, 6853)]
    [InlineData("kernelAccess", 1546, 1892)]
    [InlineData("injectionIoctl", 0, 1000)]
    [InlineData("kickIdle", 550, 990)]
    [InlineData("wakeRunning", 2473, 6422)]
    [InlineData("wakeIdle", 2000, 20000)]
    [InlineData("vmmLockHold", 400, 1600)]
    public void Ranges_are_those_of_the_sources(string name, long low, long high)
        => Assert.Equal((VirtualTime.FromNanoseconds(low), VirtualTime.FromNanoseconds(high)), (Profile[name].Low, Profile[name].High));

    [Fact]
    public void Every_number_names_a_source_and_an_own_range_says_so()
    {
        var profile = Profile;

        Assert.Equal(CostNames.CostsOf(profile.Architecture), profile.Costs.Select(cost => cost.Name));
        Assert.All(profile.Costs, cost => Assert.True(cost.Source.Length > 20, cost.Name));
        Assert.All(
            profile.Costs.Where(cost => cost.Basis == CostBasis.Assumed),
            cost => Assert.Matches("our range|range: kappa|plausible range|estimate", cost.Source.ToLowerInvariant()));
        Assert.DoesNotContain("specification", Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_path_between_groups_gives_windows_of_25_ns()
        => Assert.Equal((new VirtualTime(25_000), VirtualTime.Zero), (Profile.PathLatency, Profile.PathJitter));

    [Fact]
    public void A_vcpu_gets_each_of_its_costs()
    {
        var costs = Profile.ToVcpuCosts();

        Assert.Equal(
            [500, 1_213_000, 1_801_000, 5_357_000, 770_000, 250_000, 50_000, 2_700_000, 5_000_000, 100_000],
            new[]
            {
                costs.Instruction, costs.Hypercall, costs.KernelAccess, costs.UserAccess, costs.KickIdle, costs.KickRunning, costs.KickOutside,
                costs.WakeRunning, costs.WakeIdle, costs.RemoteMemory,
            }.Select(time => time.Picoseconds));
    }

    [Theory]
    [InlineData("value: 25ns", "value: 0ns", "paths.betweenGroups must be at least 1ps, not '0ns', because windows would have no length")]
    [InlineData("value: 25ns", "value: -1ns", "paths.betweenGroups must be a duration: a number and ps, ns, us, ms or s, such as 25ns; not '-1ns'; a duration is never negative")]
    [InlineData("value: 25ns", "value: 25", "paths.betweenGroups must be a duration: a number and ps, ns, us, ms or s, such as 25ns; not '25'; add a unit: 25ns")]
    [InlineData("jitter: 0ns", "jitter: x", "paths.betweenGroups.jitter must be a duration: a number and ps, ns, us, ms or s, such as 25ns; not 'x'")]
    [InlineData("betweenGroups:", "betweenGroup:", "unknown key 'betweenGroup' in paths; did you mean 'betweenGroups'?|the key 'betweenGroups' is missing in paths; add it")]
    [InlineData("value: 500ps", "value: 0ps", "costs.instruction.value must be at least 1ps, not '0ps'")]
    [InlineData("value: 500ps", "value: 500pt", "costs.instruction.value must be a duration: a number and ps, ns, us, ms or s, such as 25ns; not '500pt'")]
    [InlineData("high: 1ns", "high: 499ps", "costs.instruction.high is 499ps, below the value 500ps; high is at least value")]
    [InlineData("low: 400ps", "low: 501ps", "costs.instruction.low is 501ps, above the value 500ps; low is at most value")]
    [InlineData("basis: fitted", "basis: guessed", "costs.hypercall.basis must be one of measured, fitted, literature, assumed, not 'guessed'")]
    [InlineData("hypercall:", "hypercal:", "the key 'hypercall' is missing in costs; add it|unknown key 'hypercal' in costs; did you mean 'hypercall'?")]
    [InlineData("symbol: kappa\n    value: 0.70", "symbol: kappa\n    value: 1e3", "factors.kappa.value must be a number such as 0.7, not '1e3'")]
    [InlineData("high: 0.9", "high: 0.6", "factors.kappa.high is 0.6, below the value 0.70; high is at least value")]
    [InlineData("source: Assumed. Slow", "source: ''\n#", "factors.pagingSlowdown.source is empty; say where the number comes from")]
    [InlineData("name: 3c5000", "nam: 3c5000", "unknown key 'nam'; did you mean 'name'?|the key 'name' is missing; add it")]
    public void Each_error_stands_where_the_change_was_made(string from, string to, string expected)
    {
        var at = Text.IndexOf(from, StringComparison.Ordinal);
        Assert.True(at > 0);

        var result = CostProfileLoader.Parse(Text[..at] + to + Text[(at + from.Length)..], "x.yaml");

        Assert.Null(result.Profile);
        var wanted = expected.Split('|');
        Assert.Equal(wanted, result.Errors.Select(error => error.Text));
        // One of the errors stands at the change itself: at the value, or at the key where that was changed.
        var keyChanged = wanted.Any(text => text.StartsWith("unknown", StringComparison.Ordinal));
        var before = Text[..at] + (keyChanged ? "" : to[..(to.LastIndexOf(": ", StringComparison.Ordinal) + 2)]);
        var place = new TextPosition(1 + before.Count(letter => letter == '\n'), before.Length - before.LastIndexOf('\n'));
        Assert.Contains(result.Errors, error => error.Position == place);
    }

    [Theory]
    [InlineData("remoteMemory")]
    [InlineData("hypercall")]
    [InlineData("kernelAccess")]
    [InlineData("userAccess")]
    [InlineData("kickIdle")]
    [InlineData("kickRunning")]
    [InlineData("kickOutside")]
    public void A_cost_that_contains_a_call_is_at_least_two_path_latencies_and_so_is_its_low(string name)
    {
        var low = Profile[name].Low;
        var allowed = Text.Replace("value: 25ns", $"value: {low.Picoseconds / 2}ps", StringComparison.Ordinal);
        Assert.DoesNotContain(CostProfileLoader.Parse(allowed, "x").Errors, error => error.Text.StartsWith($"costs.{name}.", StringComparison.Ordinal));

        var latency = new VirtualTime((low.Picoseconds / 2) + 1);
        var refused = CostProfileLoader.Parse(Text.Replace("value: 25ns", $"value: {latency.Picoseconds}ps", StringComparison.Ordinal), "x").Errors;

        var error = refused.Single(error => error.Text.StartsWith($"costs.{name}.low", StringComparison.Ordinal));
        Assert.Equal(
            $"costs.{name}.low is {low}, under two latencies of paths.betweenGroups ({latency} each), which it contains; raise it to at least {new VirtualTime(2 * latency.Picoseconds)} or shorten the path",
            error.Text);
    }

    [Fact]
    public void Jitter_counts_as_travel()
    {
        var errors = CostProfileLoader.Parse(Text.Replace("jitter: 0ns", "jitter: 1ps", StringComparison.Ordinal), "x").Errors;

        Assert.Equal(
            "costs.remoteMemory.low is 50ns, under two latencies of paths.betweenGroups (25.001ns each, jitter included), which it contains; raise it to at least 50.002ns or shorten the path",
            errors[0].Text);
    }

    [Fact]
    public void A_cost_without_a_call_may_be_shorter_than_a_path()
        => Assert.True(Profile["instruction"].Value < Profile.PathLatency);

    [Fact]
    public void Mutations_of_a_profile_load_or_say_why_not()
    {
        var random = new Random(5);
        HostileInputTests.AssertEndsQuickly(() =>
        {
            for (var run = 0; run < 300; run++)
            {
                var text = new StringBuilder(Text);
                for (var edit = random.Next(1, 4); edit > 0; edit--)
                {
                    HostileInputTests.Mutate(text, random);
                }

                var result = CostProfileLoader.Parse(text.ToString(), "x");
                Assert.Equal(result.Profile is null, result.Errors.Count > 0);
            }
        });
    }
}
