using Trapline.Actors.Tracing;
using Trapline.Cluster.Runs;
using Trapline.Cluster.Traces.Perfetto;
using Trapline.Cluster.Traces.Text;
using Trapline.Cluster.Traces.Vcd;
using Trapline.Machines.Results;
using Trapline.Machines.Scenarios;
using Trapline.Messages;

namespace Trapline.Cluster.Tests.Traces;

/// <summary>A run with all traces at once.</summary>
internal sealed record TracedRun(RunReport Report, byte[] Perfetto, string Vcd, string Text)
{
    public static TracedRun Of(Scenario scenario, int threads = 1, VirtualTime? window = null, bool smoke = true, bool text = true)
    {
        using var perfetto = new MemoryStream();
        using var vcd = new MemoryStream();
        using var spool = new MemoryStream();
        using var lines = new StringWriter { NewLine = "\n" };
        List<ITraceSink> sinks = [new PerfettoTrace(perfetto), new VcdTrace(vcd, spool)];
        if (text)
        {
            sinks.Add(new TextTrace(lines));
        }

        using var control = new RunControl();
        var report = RunSession.Run(new RunRequest { Scenario = scenario, Smoke = smoke, Threads = threads, Window = window, Traces = sinks }, control);
        return new TracedRun(report, perfetto.ToArray(), System.Text.Encoding.ASCII.GetString(vcd.ToArray()), lines.ToString());
    }
}
