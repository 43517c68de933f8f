using Trapline.Cluster.Clients;
using Trapline.Cluster.Runs;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Host.Seeds;
using Trapline.Machines.Scenarios;

namespace Trapline.Host.Commands;

/// <summary><c>run FILE --seeds FIRST..LAST</c>: one run after the other, a summary of all, the first failure with the command that repeats it.</summary>
internal sealed class SeedsRun(HostConsole console, CommandServices services, RunArguments arguments, Scenario scenario)
{
    private const string Done = "done";
    private const string Failed = "failed";
    private const string Interrupted = "interrupted";

    private readonly SeedRange _range = arguments.Seeds!;

    public int Run()
    {
        var summary = Summary();
        return Finish(summary, RunAll(summary));
    }

    /// <summary>Of a run that a cluster has carried out.</summary>
    public int Finish(IReadOnlyList<SeedOutcome> outcomes)
    {
        var summary = Summary();
        foreach (var outcome in outcomes)
        {
            if (outcome.Report is { } report)
            {
                summary.Add(report);
            }
            else if (outcome.Problem.Length > 0)
            {
                summary.AddError(outcome.Seed, outcome.Problem);
            }
        }

        return Finish(summary, outcomes.Any(outcome => outcome.Report is null && outcome.Problem.Length == 0) && summary.Failed == 0 ? Interrupted : summary.Failed > 0 ? Failed : Done);
    }

    private SeedsSummary Summary()
    {
        // Of a scenario without a matrix there is nothing to choose.
        var several = scenario.Variants.Count > 1 || arguments.Only is not null;
        return new SeedsSummary((seed, variant) => RepeatCommand.Of(arguments, seed, several ? variant ?? arguments.Only : null));
    }

    private int Finish(SeedsSummary summary, string endReason)
    {
        var report = summary.Build(scenario.Name, _range, endReason);
        Print(report);
        return endReason == Interrupted ? ExitCodes.Interrupted : summary.Failed > 0 ? ExitCodes.Failed : ExitCodes.Done;
    }

    private string RunAll(SeedsSummary summary)
    {
        var run = services.RunForSeeds(new RunRequest { Scenario = scenario, Threads = arguments.Threads, Smoke = arguments.Smoke, Window = arguments.Window });
        using var control = new RunControl();
        using var signals = new InterruptSignals(control.Interrupt, "after the seeds that are done", console, decides: true);
        using var progress = console.ErrorTerminal.IsTerminal ? new ProgressLine(control, console, scenario.Variants.Select(variant => variant.Name)) : null;
        foreach (var seed in _range.Seeds)
        {
            if (progress is not null)
            {
                progress.Prefix = $"seed {seed} of {_range.First}..{_range.Last}, {summary.Failed} failed  ";
            }

            if (control.Interrupted || !TryRun(run, seed, control, summary))
            {
                return Interrupted;
            }

            if (summary.Failed > 0 && !arguments.KeepGoing)
            {
                return Failed;
            }
        }

        return Done;
    }

    /// <summary>False if a person ended it: what was begun is not counted.</summary>
    private static bool TryRun(Func<ulong, RunControl, Machines.Results.RunReport> run, ulong seed, RunControl control, SeedsSummary summary)
    {
        try
        {
            var report = run(seed, control);
            if (report.EndReason == "interrupted")
            {
                return false;
            }

            summary.Add(report);
        }
        catch (RunException failure) when (failure.Failure == RunFailure.Simulation)
        {
            // A limit, or a rule of the kernel: what this seed found.
            summary.AddError(seed, failure.Message);
        }

        return true;
    }

    private void Print(SeedsReport report)
    {
        if (arguments.Json)
        {
            console.Output.Write(ReportJson.Serialize(report));
        }
        else
        {
            new SeedsRenderer(console.Output, console.OutputTerminal).Write(report);
        }

        console.Output.Flush();
        if (report.EndReason == Interrupted)
        {
            console.WriteNote($"interrupted: {report.Seeds.Count} of {_range.Count} seeds are done");
        }

        if (report.Seeds.Count > 1 && !report.SeedDecided && report.Variants.Count > 0)
        {
            console.WriteWarning("the seed decided nothing (no random draw, no tie): every seed gives this same run; 'perturb' in the scenario lets it decide times");
        }
    }
}
