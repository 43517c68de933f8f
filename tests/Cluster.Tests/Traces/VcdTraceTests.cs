using System.Numerics;
using System.Text;
using Trapline.Actors.Kernel;
using Trapline.Actors.Tracing;
using Trapline.Cluster.Runs;
using Trapline.Cluster.Tests.Runs;
using Trapline.Cluster.Traces.Vcd;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch;
using Trapline.Machines.Scenarios;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Cluster.Tests.Traces;

public sealed class VcdTraceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("trace-tests-").FullName;

    [Theory]
    [InlineData("ipi-pingpong", 3_000)]
    [InlineData("ipi-pingpong", 12_000)]
    [InlineData("ipi-pingpong", 15_000)]
    [InlineData("boot-256", 40_000)]
    [InlineData("devices", 26_000)]
    [InlineData("devices", 52_000)]
    [InlineData("devices", 58_000)]
    [InlineData("devices", 90_000)]
    public void At_its_end_each_line_has_the_level_that_the_machine_s_state_says(string name, long nanoseconds)
    {
        var (vcd, actors) = RunUntil(Load(name), VirtualTime.FromNanoseconds(nanoseconds));
        var levels = vcd.Levels;
        foreach (var (vcpu, rows) in actors.Where(actor => actor.Key.Role == ActorRole.Vcpu))
        {
            var visible = (Row(rows, "ESTAT") & 0x1FFF & ~(0xFFUL << CpuLines.Hwi0)) | (Row(rows, "GINTC.VIP") << CpuLines.Hwi0);
            var driven = (visible & ~Row(rows, "clr")) | Row(rows, "pend");
            for (var line = 0; line < CpuLines.Count; line++)
            {
                if (line != CpuLines.Pmi)
                {
                    Assert.Equal((vcpu, line, (driven >> line) & 1), (vcpu, line, (ulong)(levels[$"{Scope(name)}.{vcpu}.{CpuLines.NameOf(line)}"] - '0')));
                }
            }
        }

        var pending = actors[new ActorAddress(0, ActorRole.Eiointc, 0)].Where(row => row.Key.Contains("COREISR64", StringComparison.Ordinal)).Sum(row => BitOperations.PopCount(row.Value));
        Assert.Equal(pending, levels.Count(level => level.Key.Contains(".vector", StringComparison.Ordinal) && level.Value == '1'));
        Assert.Equal(nanoseconds * 1000, vcd.End);
    }

    [Fact]
    public void Lines_pins_and_vectors_move_as_the_devices_say()
    {
        var run = TracedRun.Of(Load("devices"));
        var changes = new VcdFile(run.Vcd).Changes;
        Assert.Equal("101010", Levels("devices.pchpic0.pin16"));
        Assert.Equal("101010", Levels("devices.eiointc0.vector16"));
        Assert.Equal("10", Levels("devices.eiointc0.vector40"));
        Assert.Equal("10", Levels("devices.vcpu0.TI"));
        Assert.Equal("10", Levels("devices.vcpu0.SWI0"));
        Assert.Equal("10", Levels("devices.vcpu1.IPI"));
        Assert.Equal("10", Levels("devices.vcpu0.IPI"));
        Assert.Equal("10101010", Levels("devices.vcpu0.HWI0"));
        Assert.DoesNotContain(changes, change => change.Name.Contains("HWI1", StringComparison.Ordinal));

        string Levels(string name) => string.Concat(changes.Where(change => change.Name == name).Select(change => change.Level));
    }

    [Fact]
    public void Machines_follow_one_another_and_have_unknown_lines_outside_their_time()
    {
        // Those of two CPUs, whole: in each of them a line rises.
        var scenario = ScenarioFiles.Load("ipi-multicast");
        scenario = scenario with { Variants = [.. scenario.Variants.Where(variant => variant.Vcpus == 2).Select(variant => variant with { Smoke = VirtualTime.FromNanoseconds(100_000) })] };
        var run = TracedRun.Of(scenario, text: false);
        var vcd = new VcdFile(run.Vcd);
        Assert.Equal(run.Report.VirtualNs * 1000, vcd.End);
        var start = 0L;
        for (var i = 0; i < run.Report.Variants.Count; i++)
        {
            var end = start + (long)(run.Report.Variants[i].VirtualNs * 1000);
            var own = vcd.Changes.Where(change => change.Name.StartsWith($"_{i + 1}_", StringComparison.Ordinal)).ToList();
            Assert.Contains(own, change => change.Level == '1');
            Assert.All(own.Where(change => change.Level != 'x'), change => Assert.InRange(change.At, start, end));
            Assert.All(own.Where(change => change.Level == 'x'), change => Assert.Equal(end, change.At));
            start = end;
        }
    }

    [Fact]
    public void A_level_that_is_driven_again_is_no_change_and_a_vector_is_high_until_no_vcpu_has_it_pending()
    {
        using var output = new MemoryStream();
        using var spool = new MemoryStream();
        var sink = new VcdTrace(output, spool);
        var (pic, eiointc) = (new ActorAddress(0, ActorRole.PchPic, 0), new ActorAddress(0, ActorRole.Eiointc, 0));
        sink.Begin(new TraceMachine("m", SmallGuests.Of("loongarch"), []));
        foreach (var (at, level) in ((int, ulong)[])[(1, 0), (2, 1), (3, 1), (4, 0), (5, 0)])
        {
            sink.Write(new TraceEntry(new VirtualTime(at), pic, TraceKind.Request, (byte)TraceRequest.Input, Number: 3, Word1: level));
        }

        foreach (var (at, kind) in ((int, ReportKind)[])[(6, ReportKind.Raised), (7, ReportKind.Coalesced), (8, ReportKind.Raised), (9, ReportKind.Acknowledged), (10, ReportKind.Withdrawn)])
        {
            sink.Write(new TraceEntry(new VirtualTime(at), eiointc, TraceKind.Report, (byte)kind, Number: 200));
        }

        sink.End(new VirtualTime(20));
        sink.Finish();
        Assert.Equal(
            [(2, "m.pchpic0.pin3", '1'), (4, "m.pchpic0.pin3", '0'), (6, "m.eiointc0.vector200", '1'), (10, "m.eiointc0.vector200", '0')],
            new VcdFile(Encoding.ASCII.GetString(output.ToArray())).Changes);
    }

    [Theory]
    [InlineData(0, "!")]
    [InlineData(93, "~")]
    [InlineData(94, "!!")]
    [InlineData(94 + (94 * 94) - 1, "~~")]
    [InlineData(94 + (94 * 94), "!!!")]
    public void Codes_are_short_and_printable(int number, string code) => Assert.Equal(code, VcdIdentifier.Code(number));

    [Fact]
    public void No_two_numbers_have_one_code() =>
        Assert.Equal(100_000, Enumerable.Range(0, 100_000).Select(VcdIdentifier.Code).Distinct().Count());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Scope(string name) => name.Replace('-', '_');

    private static ulong Row(IReadOnlyList<KeyValuePair<string, ulong>> rows, string name) =>
        rows.Single(row => row.Key == name || row.Key.EndsWith("." + name, StringComparison.Ordinal)).Value;

    private static (VcdFile Vcd, Dictionary<ActorAddress, IReadOnlyList<KeyValuePair<string, ulong>>> Actors) RunUntil(Scenario scenario, VirtualTime end)
    {
        using var output = new MemoryStream();
        using var spool = new MemoryStream();
        var sink = new VcdTrace(output, spool);
        var variant = VariantPlan.Of(scenario, scenario.Variants[0]);
        var plan = variant.Build();
        var trace = new TraceWriter([sink], new TraceMachine(variant.Variant.Name, variant.Program, [.. plan.Groups.SelectMany(group => group.Addresses)]));
        using var engine = new Engine(plan, Placement.Blocks(plan.Groups.Count, 1), 0, new EngineOptions { Trace = trace });
        engine.StopBefore(end);
        engine.Start();
        engine.Run(VirtualTime.Never);
        trace.End(end);
        sink.Finish();
        return (new VcdFile(Encoding.ASCII.GetString(output.ToArray())), engine.Groups.SelectMany(group => group.Actors).ToDictionary(actor => actor.Address, Rows));
    }

    private static IReadOnlyList<KeyValuePair<string, ulong>> Rows(Actor actor)
    {
        var lister = new StateLister();
        actor.SyncState(lister);
        return lister.Rows;
    }

    private Scenario Load(string name) => name == "devices" ? DeviceScenario.Load(_folder) : ScenarioFiles.Load(name);
}
