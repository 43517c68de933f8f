using Trapline.Cluster.Runs;
using Trapline.Cluster.Tests.Runs;
using Trapline.Cluster.Traces.Rounds;
using Trapline.Machines.Results;
using Trapline.Machines.Scenarios;
using Trapline.Messages;
using Xunit;

namespace Trapline.Cluster.Tests.Traces;

public sealed class RoundTraceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("trapline-round-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_round_is_from_a_mark_to_the_next_of_its_name_by_the_same_vcpu()
    {
        var (report, round) = Run(Multicast("pattern=one-to-all stride=dense scheme=iocsr vcpus=16"));
        var marks = report.Marks.Where(mark => mark.Vcpu == 0).Take(2).Select(mark => mark.Ns).ToArray();

        Assert.Equal((marks[0], marks[1]), (Nanoseconds(round.From), Nanoseconds(round.To)));
        Assert.False(round.Cut);
        Assert.Contains("from the first mark round of vcpu0 to its next one", round.What, StringComparison.Ordinal);
        Assert.Equal(16, round.Lanes.Count(lane => lane.IsVcpu));
        // One to fifteen: each of them is raised once, kicked once, woken, and in its handler once.
        foreach (var lane in round.Lanes.Where(lane => lane.Name != "vcpu0"))
        {
            // One may be in the handler of the round before still.
            Assert.Single(lane.Items, item => item.Kind == RoundItemKind.Raised);
            Assert.Single(lane.Items, item => item.Kind == RoundItemKind.Kick);
            Assert.Single(lane.Items, item => item is { Kind: RoundItemKind.Handler, Text: "interrupt IPI" } && item.From > round.From);
        }

        Assert.Equal(15, round.Lanes.Single(lane => lane.Name == "vcpu0").Items.Count(item => item is { Kind: RoundItemKind.Exit, Text: "ipi_write IPI_SEND" }));
        Assert.All(round.Lanes.SelectMany(lane => lane.Items), item => Assert.True(round.From <= item.From && item.From <= item.To && item.To <= round.To));
    }

    [Fact]
    public void What_is_open_when_a_round_begins_is_in_it()
    {
        var (_, round) = Run(Multicast("pattern=one-to-all stride=dense scheme=iocsr vcpus=16"));

        Assert.Contains(round.Lanes.SelectMany(lane => lane.Items), item => item.Kind == RoundItemKind.Asleep && item.From == round.From);
    }

    [Fact]
    public void A_round_is_cut_where_it_holds_as_much_as_may_be_kept()
    {
        var (_, round) = Run(Multicast("pattern=all-to-all stride=dense scheme=iocsr vcpus=128"));

        Assert.True(round.Cut);
        // What is open at the cut is in it too.
        Assert.InRange(round.Lanes.Sum(lane => lane.Items.Count), RoundTrace.MostItems, RoundTrace.MostItems + (3 * round.Lanes.Count));
    }

    [Fact]
    public void Without_a_mark_the_beginning_is_kept()
    {
        var (_, round) = Run(ScenarioFiles.Load("ipi-pingpong"));

        Assert.True(round.Cut);
        Assert.Equal(VirtualTime.Zero, round.From);
        Assert.StartsWith("from the start on", round.What, StringComparison.Ordinal);
        Assert.InRange(round.Lanes.Sum(lane => lane.Items.Count), RoundTrace.MostItemsOfBeginning, RoundTrace.MostItemsOfBeginning + 10);
    }

    [Fact]
    public void Controllers_and_devices_have_lanes_and_a_single_mark_ends_the_beginning()
    {
        var (report, round) = Run(DeviceScenario.Load(_folder.FullName), "done");

        Assert.Equal("from the start to the first mark", round.What);
        Assert.Equal(report.Marks[0].Ns, Nanoseconds(round.To));
        Assert.All(["eiointc0", "pchpic0", "leveldevice0"], name => Assert.Contains(round.Lanes, lane => lane.Name == name && !lane.IsVcpu));
    }

    [Fact]
    public void It_is_the_same_on_any_threads_and_changes_no_digest()
    {
        var scenario = Multicast("pattern=one-to-all stride=dense scheme=iocsr vcpus=16");
        var (plain, one) = Run(scenario);
        var (threaded, other) = Run(scenario, threads: 2);
        using var control = new RunControl();
        var untraced = RunSession.Run(new RunRequest { Scenario = scenario }, control).Variants[0];

        Assert.Equal(one.Lanes.SelectMany(lane => lane.Items), other.Lanes.SelectMany(lane => lane.Items));
        Assert.Equal((untraced.Digest, untraced.Digest), (plain.Digest, threaded.Digest));
    }

    private static Scenario Multicast(string variant)
    {
        var scenario = ScenarioFiles.Load("ipi-multicast");
        return scenario with { Variants = [scenario.Variants.Single(each => each.Name == variant)] };
    }

    private static (VariantReport Report, Round Round) Run(Scenario scenario, string? mark = null, int threads = 1)
    {
        var trace = new RoundTrace();
        using var control = new RunControl();
        var report = RunSession.Run(new RunRequest { Scenario = scenario, Threads = threads, Traces = [trace] }, control);
        Assert.True(mark is null || report.Variants[0].Marks.Any(each => each.Name == mark));
        return (report.Variants[0], Assert.Single(trace.Rounds));
    }

    private static decimal Nanoseconds(VirtualTime time) => (decimal)time.Picoseconds / VirtualTime.PerNanosecond;
}
