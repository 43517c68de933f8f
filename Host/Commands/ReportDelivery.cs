using Trapline.Cluster.Traces.Rounds;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Machines.Results;

namespace Trapline.Host.Commands;

/// <summary>Gives a person the report of a run, wherever it was carried out: on stdout and in files.</summary>
internal sealed class ReportDelivery(HostConsole console, bool json, bool details)
{
    /// <summary>Writes the report and prints it; where the disk fails what was found is printed all the same.</summary>
    /// <returns>The exit code.</returns>
    public int Deliver(RunReport report, OutputFolder files, IReadOnlyList<Round>? rounds = null)
    {
        CommandException? unwritten = null;
        try
        {
            files.WriteReport(report, rounds);
        }
        catch (CommandException failure)
        {
            unwritten = failure;
        }

        Print(report);
        console.Output.Flush();
        foreach (var warning in report.Warnings)
        {
            console.WriteWarning(warning);
        }

        if (unwritten is not null)
        {
            throw unwritten;
        }

        console.WriteNote($"the report is in {files.Report}, for a browser in {files.Page}");
        if (report.Checkpoints is { Saved: [.., var last] saved } summary)
        {
            console.WriteNote($"{(saved.Count == 1 ? "1 checkpoint is" : $"{saved.Count} checkpoints are")} in {summary.Store}; the last one is {last.Id}, of {last.Variant} at {last.AtNs:0.###} ns");
        }

        return RunCommand.ExitCodeOf(report);
    }

    private void Print(RunReport report)
    {
        if (json)
        {
            console.Output.Write(ReportJson.Serialize(report));
        }
        else
        {
            var inFull = details || report.Variants.Count <= RunArguments.MostVariantsInFull;
            new RunReportRenderer(console.Output, console.OutputTerminal).Write(report, inFull);
        }
    }
}
