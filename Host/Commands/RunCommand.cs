using System.CommandLine;
using Trapline.Cluster.Runs;
using Trapline.Cluster.Runs.Acts;
using Trapline.Cluster.Traces.Rounds;
using Trapline.Host.Commands.Clusters;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Machines.Results;
using Trapline.Machines.Scenarios;
using Trapline.Machines.Text;

namespace Trapline.Host.Commands;

/// <summary><c>run FILE</c>: simulates, prints, writes the report.</summary>
internal sealed class RunCommand(HostConsole console, CommandServices services, RunArguments arguments)
{
    public static Command Create(HostConsole console, CommandServices services)
    {
        var command = new Command("run", "Simulate a scenario: results on stdout, in report.json and, for a browser, in report.html.");
        var options = new RunOptions();
        options.AddTo(command);
        command.SetAction(parsed => new RunCommand(console, services, RunArguments.From(parsed, options)).Run());
        return command;
    }

    /// <summary>The exit code of a finished run.</summary>
    public static int ExitCodeOf(RunReport report)
    {
        if (report.EndReason == "interrupted")
        {
            return ExitCodes.Interrupted;
        }

        if (report.Checkpoints is { Failed: > 0 })
        {
            return ExitCodes.Environment;
        }

        return report.EndReason is "assertion" or "violation" or "error" || report.Variants.SelectMany(VariantFailures.Of).Any() ? ExitCodes.Failed : ExitCodes.Done;
    }

    private int Run()
    {
        using var store = arguments.Checkpoints.Open();
        var restored = arguments.Checkpoints.Restored(store, arguments.File);
        var scenario = restored?.Scenario ?? Load(arguments.File!);
        if (arguments.Seeds is not null)
        {
            var seeds = new SeedsRun(console, services, arguments, scenario);
            return arguments.Cluster is null ? seeds.Run() : new RunOnCluster(console, arguments).RunSeeds(scenario, seeds);
        }

        if (arguments.Detach)
        {
            CheckJournal(files: null);
            return new RunOnCluster(console, arguments).Detach(scenario);
        }

        using var files = OutputFolder.Open(arguments.Out ?? Path.Combine(OutputFolder.DefaultRoot, scenario.Name));
        CheckJournal(files);
        CheckTraces(files);
        var delivery = new ReportDelivery(console, arguments.Json, arguments.Details);
        if (arguments.Cluster is not null)
        {
            return new RunOnCluster(console, arguments).Run(scenario, files, delivery);
        }

        if (arguments.Chaos is not null)
        {
            using var ending = new CancellationTokenSource();
            using var signals = new InterruptSignals(ending.Cancel, "at once: a run under losses keeps nothing", console, decides: true);
            return delivery.Deliver(new RunUnderChaos(console, arguments).Run(scenario, ending.Token), files);
        }

        if (arguments.Nodes > 1)
        {
            return delivery.Deliver(new RunOnNodes(console, arguments).Run(scenario, files), files);
        }

        using var traces = TraceFiles.Open(arguments, console);
        var round = arguments.Round ? new RoundTrace() : null;
        var request = new RunRequest
        {
            Scenario = scenario,
            Threads = arguments.Threads,
            Smoke = restored?.Smoke ?? arguments.Smoke,
            Window = arguments.Window,
            Invariants = restored?.Invariants ?? arguments.Invariants,
            Traces = round is null ? traces.Sinks : [.. traces.Sinks, round],
            JournalToWrite = files.Journal,
            JournalToRepeat = arguments.Journal,
            Checkpoints = arguments.Checkpoints.Request(store, arguments.Overrides),
            Restored = restored,
        };
        files.RemoveOldReport();
        var report = Simulate(request);
        return delivery.Deliver(report, files, round?.Rounds);
    }

    private Scenario Load(string file)
    {
        var loaded = ScenarioLoader.Load(file, arguments.Overrides);
        var scenario = loaded.Scenario ?? throw new CommandException(ExitCodes.Usage, string.Join('\n', loaded.Errors));
        return arguments.Only is { } name ? scenario with { Variants = [Find(scenario, name)] } : scenario;
    }

    private static ScenarioVariant Find(Scenario scenario, string name)
    {
        var names = scenario.Variants.Select(variant => variant.Name).ToList();
        return scenario.Variants.FirstOrDefault(variant => variant.Name == name)
            ?? throw new CommandException(ExitCodes.Usage, $"--only {Quoted.Show(name)}: there is no such variant{Quoted.Suggest(name, names)}; {(names.Count == 1 ? "there is" : $"there are {names.Count}, the first is")} {Quoted.Show(names[0])}");
    }

    private RunReport Simulate(RunRequest request)
    {
        using var control = new RunControl();
        using var signals = new InterruptSignals(control.Interrupt, "at the next window", console, decides: true);
        using var progress = console.ErrorTerminal.IsTerminal && arguments.Trace is not { File: null }
            ? new ProgressLine(control, console, request.Scenario.Variants.Select(variant => variant.Name))
            : null;
        using var server = ListensFor(request) ? ControlServer.Open(control, Path.GetDirectoryName(request.JournalToWrite)!) : null;
        return services.Run(request, control);
    }

    /// <summary>Whether something can be done to the run while it goes on; written down, or it could not be repeated.</summary>
    private static bool ListensFor(RunRequest request) =>
        request.JournalToWrite is not null && request.Scenario.Variants.Any(variant => variant.Migrations is not null);

    private void CheckTraces(OutputFolder files)
    {
        foreach (var (option, file) in ((string, string?)[])[("--trace", arguments.Trace?.File), ("--vcd", arguments.Vcd)])
        {
            if (file is not null && files.Owns(file))
            {
                throw new CommandException(ExitCodes.Usage, $"{option} {Quoted.Show(file)} is a file that the run writes itself; name another one");
            }
        }
    }

    private void CheckJournal(OutputFolder? files)
    {
        if (arguments.Journal is null)
        {
            return;
        }

        if (!File.Exists(arguments.Journal))
        {
            throw new CommandException(ExitCodes.Usage, $"--journal {Quoted.Show(arguments.Journal)}: there is no such file; a run writes one as journal.jsonl in its --out folder");
        }

        if (files is not null && Path.GetFullPath(arguments.Journal) == Path.GetFullPath(files.Journal))
        {
            throw new CommandException(ExitCodes.Usage, $"--journal {Quoted.Show(arguments.Journal)} is the file that this run would write itself; choose another folder with --out");
        }
    }
}
