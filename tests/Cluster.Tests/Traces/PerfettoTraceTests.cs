using Trapline.Cluster.Tests.Runs;
using Trapline.Machines.Results;
using Trapline.Messages;
using Xunit;

namespace Trapline.Cluster.Tests.Traces;

/// <summary>Read with a reader of its own (<see cref="WireReader"/>), whose laws every trace here has passed already.</summary>
public sealed class PerfettoTraceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("trace-tests-").FullName;

    [Theory]
    [InlineData("ipi-pingpong")]
    [InlineData("boot-256")]
    [InlineData("ipi-multicast")]
    [InlineData("devices")]
    public void Slices_and_flows_are_what_the_report_counts(string name)
    {
        var run = TracedRun.Of(Load(name), text: false);
        var trace = new PerfettoFile(run.Perfetto);
        foreach (var (variant, pid) in run.Report.Variants.Select((variant, index) => (variant, (ulong)index + 1)))
        {
            Assert.Contains(trace.Tracks, track => track.Pid == pid && track.Parent is null && track.Name == variant.Name);
            SameExits(variant, [.. trace.Slices.Where(slice => slice.Track.Pid == pid)]);
            SameInterrupts(variant, [.. trace.Slices.Where(slice => slice.Track.Pid == pid && slice.Track.Name == "handlers")]);
        }
    }

    [Theory]
    [InlineData("ipi-pingpong")]
    [InlineData("boot-256")]
    [InlineData("ipi-multicast")]
    [InlineData("devices")]
    public void A_flow_ends_at_its_handler_or_is_pending_at_the_end(string name)
    {
        var run = TracedRun.Of(Load(name), text: false);
        var trace = new PerfettoFile(run.Perfetto);
        var toHandlers = trace.EndedFlows.Where(flow => flow.Steps[^1].Track.Name == "handlers").ToList();
        Assert.Equal(run.Report.Variants.Any(variant => variant.Vcpus.Any(vcpu => vcpu.Lines.Count > 0)), toHandlers.Count > 0);
        Assert.All(toHandlers, flow => Assert.InRange(flow.Steps.Count, 2, 10));
        Assert.All(trace.EndedFlows.Except(toHandlers), flow => Assert.True(IsNoHandling(flow.Steps[^1].Name), flow.Steps[^1].Name));

        // What is open at the end has come as far as a line of a vCPU that is high still, or was on its way when the run ended.
        var high = trace.Tracks.Where(track => track.Name == "lines high").Sum(track => track.Counter);
        var waiting = trace.OpenFlows.Where(flow => flow.Steps[^1].Name.EndsWith(" rises", StringComparison.Ordinal)).ToList();
        Assert.True(waiting.Count <= high, $"{waiting.Count} flows wait on {high} lines");
        // A hypercall also ends at a line that is high already.
        Assert.All(trace.OpenFlows.Except(waiting), flow => Assert.Matches("^(IPI_SEND|SWI0) to ", flow.Steps[^1].Name));
    }

    [Fact]
    public void Exits_to_controllers_in_user_space_have_the_names_of_the_report()
    {
        var scenario = ScenarioFiles.Load("irqchip-kernel-vs-user");
        scenario = scenario with { Variants = [.. scenario.Variants.Where(variant => variant.Vcpus == 4)] };
        var run = TracedRun.Of(scenario, text: false);
        var trace = new PerfettoFile(run.Perfetto);
        foreach (var (variant, pid) in run.Report.Variants.Select((variant, index) => (variant, (ulong)index + 1)))
        {
            SameExits(variant, [.. trace.Slices.Where(slice => slice.Track.Pid == pid)]);
        }

        Assert.Contains(trace.Slices, slice => slice.Name == "iocsr_write IPI_SEND");
        Assert.Contains(trace.Slices, slice => slice.Name == "ipi_write IPI_SEND");
    }

    [Fact]
    public void A_send_is_drawn_from_the_exit_of_the_sender_to_the_handler_of_the_target()
    {
        var trace = new PerfettoFile(TracedRun.Of(ScenarioFiles.Load("ipi-pingpong"), text: false).Perfetto);
        var flow = trace.EndedFlows[0];
        Assert.Equal(
            [("vcpu0", "IPI_SEND to vcpu1"), ("ipi1", "carried IPI_SEND"), ("ipi1", "raised IPI 0x2"), ("vcpu1", "IPI rises"), ("handlers", "interrupt IPI")],
            flow.Steps.Select(step => (step.Track.Name, step.Name)));
        Assert.Equal("vcpu1", flow.Steps[^1].Track.Parent!.Name);
        var sent = trace.Instants.First(instant => instant.Name == "IPI_SEND to vcpu1");
        Assert.Equal("ipi_write IPI_SEND", sent.Around!.Name);

        // The send of the worked example in the manual: 1801 + 770 ns outside, the handler 6672 ns after its start.
        Assert.Equal(2_571_000UL, sent.Around.End - sent.Around.Begin);
        Assert.Equal(6_672_000UL, trace.EndedFlows[^1].Steps[^1].At - trace.Slices.Last(slice => slice.Name == "ipi_write IPI_SEND" && slice.End < trace.EndedFlows[^1].Steps[^1].At && slice.Begin < trace.EndedFlows[^1].Steps[0].At).Begin);
    }

    [Fact]
    public void A_device_s_interrupt_is_followed_through_both_controllers()
    {
        var trace = new PerfettoFile(TracedRun.Of(Load("devices"), text: false).Perfetto);
        var level = trace.EndedFlows.Where(flow => flow.Steps[0].Track.Name == "leveldevice0").ToList();
        Assert.Equal(3, level.Count);
        Assert.All(level, flow => Assert.Equal(
            ["leveldevice0", "boundary0", "boundary0", "pchpic0", "pchpic0", "eiointc0", "eiointc0", "vcpu0", "handlers"],
            flow.Steps.Select(step => step.Track.Name)));
        var message = Assert.Single(trace.EndedFlows, flow => flow.Steps[0].Track.Name == "pchmsi0");
        Assert.Equal(["pchmsi0", "boundary0", "boundary0", "eiointc0", "eiointc0", "vcpu0", "handlers"], message.Steps.Select(step => step.Track.Name));
        Assert.Contains(trace.EndedFlows, flow => flow.Steps[^1].Name == "coalesced IPI 0x2");
        Assert.Contains(trace.EndedFlows, flow => flow.Steps[^1].Name == "IPI falls untaken");
        Assert.Contains(trace.EndedFlows, flow => flow.Steps[0].Name == "SWI0 rises" && flow.Steps[^1].Name == "interrupt SWI0");
        Assert.Contains(trace.EndedFlows, flow => flow.Steps[0].Name == "TI rises" && flow.Steps[^1].Name == "interrupt TI");
        Assert.Contains(trace.On("pchpic0"), slice => slice.Name == "write INT_MASK" && slice.Annotations["value"] == ~(1UL << 16));
        Assert.Contains(trace.On("eiointc0"), slice => slice.Name == "read COREISR[0]" && slice.EndAnnotations["value"] != 0);
        Assert.Contains(trace.Instants, instant => instant is { Track.Name: "vcpu0", Name: "done" });
    }

    [Theory]
    [InlineData("ipi-multicast")]
    [InlineData("devices")]
    public void Equal_runs_have_equal_traces_whatever_the_threads_and_windows_and_the_digest_is_that_without_them(string name)
    {
        var scenario = Load(name);
        var plain = TracedRun.Of(scenario);
        using var control = new Cluster.Runs.RunControl();
        Assert.Equal(Cluster.Runs.RunSession.Run(new Cluster.Runs.RunRequest { Scenario = scenario, Smoke = true }, control).Digest, plain.Report.Digest);
        foreach (var other in (TracedRun[])[TracedRun.Of(scenario, threads: 2), TracedRun.Of(scenario, threads: 4, window: new VirtualTime(24_999)), TracedRun.Of(scenario, window: VirtualTime.FromNanoseconds(7))])
        {
            Assert.Equal(plain.Perfetto, other.Perfetto);
            Assert.Equal(plain.Vcd, other.Vcd);
            Assert.Equal(plain.Text, other.Text);
            Assert.Equal(plain.Report.Digest, other.Report.Digest);
        }
    }

    [Fact]
    public void An_event_takes_thirty_bytes_at_most_on_average()
    {
        var run = TracedRun.Of(Load("ipi-multicast"), text: false);
        Assert.InRange((double)run.Perfetto.Length / new PerfettoFile(run.Perfetto).Packets, 10, 30);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static bool IsNoHandling(string step) =>
        step == "no output" || step.StartsWith("coalesced ", StringComparison.Ordinal) || step.EndsWith(" falls untaken", StringComparison.Ordinal);

    private static void SameExits(VariantReport report, List<PerfettoFile.Slice> slices)
    {
        foreach (var row in report.Exits)
        {
            var exits = slices.Where(slice => IsExit(slice) && slice.Name == row.Reason && !slice.IsUnfinished).Select(slice => slice.End - slice.Begin).ToList();
            Assert.Equal((row.Reason, row.Count), (row.Reason, exits.Count));
            Assert.Equal(row.MaxNs, exits.Max() / 1000m);
            Assert.Equal(row.MinNs, exits.Min() / 1000m);
        }

        Assert.Equal(report.Exits.Sum(row => row.Count), slices.Count(slice => IsExit(slice) && !slice.IsUnfinished));
    }

    private static bool IsExit(PerfettoFile.Slice slice) =>
        slice is { Depth: 0, Track: { Parent: null }, Name: not "guest" } && slice.Track.Name.StartsWith("vcpu", StringComparison.Ordinal);

    private static void SameInterrupts(VariantReport report, List<PerfettoFile.Slice> handlers)
    {
        var taken = report.Vcpus.SelectMany(vcpu => vcpu.Lines).GroupBy(line => line.Key).ToDictionary(line => line.Key, line => line.Sum(one => one.Value));
        foreach (var (line, count) in taken)
        {
            Assert.Equal((line, count), (line, handlers.LongCount(slice => slice.Name == $"interrupt {line}")));
        }

        Assert.Equal(taken.Values.Sum(), handlers.LongCount(slice => slice.Name.StartsWith("interrupt ", StringComparison.Ordinal)));
    }

    /// <summary>Of the many variants of a multicast those of few CPUs: there is nothing else in the others.</summary>
    private Machines.Scenarios.Scenario Load(string name)
    {
        var scenario = name == "devices" ? DeviceScenario.Load(_folder) : ScenarioFiles.Load(name);
        return name == "ipi-multicast" ? scenario with { Variants = [.. scenario.Variants.Where(variant => variant.Vcpus <= 16)] } : scenario;
    }
}
