using System.CommandLine;
using Trapline.Actors.Faults;
using Trapline.Cluster.Chaos;
using Trapline.Machines.Scenarios;
using Trapline.Machines.Scenarios.Placements;
using Trapline.Machines.Text;
using Trapline.Messages;

namespace Trapline.Host.Commands;

/// <summary>What a command line asks <c>run</c> for, each value checked and all together too.</summary>
internal sealed record RunArguments
{
    public const int MostThreads = 64;

    /// <summary>Of one split run; beyond it the exchange of all with all costs more than it brings.</summary>
    public const int MostNodes = 32;

    /// <summary>With more variants only the table of all of them is printed, unless asked for.</summary>
    public const int MostVariantsInFull = 4;

    /// <summary>Null where a checkpoint has all that it would say.</summary>
    public required string? File { get; init; }

    public CheckpointArguments Checkpoints { get; init; } = CheckpointArguments.None;

    public ulong? Seed { get; init; }

    /// <summary>Null for one run.</summary>
    public SeedRange? Seeds { get; init; }

    public bool KeepGoing { get; init; }

    /// <summary>Name of the one variant to run; null for all.</summary>
    public string? Only { get; init; }

    public VirtualTime? Until { get; init; }

    public bool Smoke { get; init; }

    /// <summary>Null where the command line does not say.</summary>
    public int? ThreadsGiven { get; init; }

    public int Threads => ThreadsGiven ?? 1;

    public VirtualTime? Window { get; init; }

    public string? Out { get; init; }

    public bool Json { get; init; }

    public bool Details { get; init; }

    /// <summary>Null for no trace.</summary>
    public TraceTarget? Trace { get; init; }

    /// <summary>Null for none.</summary>
    public string? Vcd { get; init; }

    public bool Invariants { get; init; } = true;

    public IReadOnlyList<FaultPlan> Faults { get; init; } = [];

    /// <summary>A time line in report.html.</summary>
    public bool Round { get; init; }

    public string? Journal { get; init; }

    /// <summary>URL of the cluster that the run is handed to; null to run it here.</summary>
    public string? Cluster { get; init; }

    /// <summary>Wall time between two checkpoints of a run on a cluster.</summary>
    public VirtualTime? CheckpointInterval { get; init; }

    /// <summary>How groups are placed; null for the scenario's way.</summary>
    public PlacementPolicy? Placement { get; init; }

    /// <summary>Null where the command line does not say.</summary>
    public int? NodeLimit { get; init; }

    public int Nodes => NodeLimit ?? 1;

    /// <summary>The run is left to its cluster.</summary>
    public bool Detach { get; init; }

    /// <summary>What is done to the nodes; null for nothing.</summary>
    public ChaosPlan? Chaos { get; init; }

    public ScenarioOverrides Overrides => new() { Seed = Seed, Until = Until, Faults = Faults };

    /// <exception cref="CommandException">Options contradict one another.</exception>
    public static RunArguments From(ParseResult parsed, RunOptions options)
    {
        var arguments = new RunArguments
        {
            File = parsed.GetValue(options.File),
            Checkpoints = CheckpointArguments.From(parsed, options.Checkpoints),
            Seed = parsed.GetValue(options.Seed),
            Seeds = parsed.GetValue(options.Seeds),
            KeepGoing = parsed.GetValue(options.KeepGoing),
            Only = parsed.GetValue(options.Only),
            Until = parsed.GetValue(options.Until),
            Smoke = parsed.GetValue(options.Smoke),
            ThreadsGiven = parsed.GetValue(options.Threads),
            Window = parsed.GetValue(options.Window),
            Out = parsed.GetValue(options.Out),
            Json = parsed.GetValue(options.Json),
            Details = parsed.GetValue(options.Details),
            Trace = parsed.GetValue(options.Trace),
            Vcd = parsed.GetValue(options.Vcd),
            Invariants = !parsed.GetValue(options.NoInvariants),
            Faults = parsed.GetValue(options.Fault) ?? [],
            Round = parsed.GetValue(options.Round),
            Journal = parsed.GetValue(options.Journal),
            Cluster = parsed.GetValue(options.Cluster),
            CheckpointInterval = parsed.GetValue(options.CheckpointInterval),
            Placement = parsed.GetValue(options.Placement),
            NodeLimit = parsed.GetValue(options.Nodes),
            Detach = parsed.GetValue(options.Detach),
            Chaos = parsed.GetValue(options.Chaos),
        };
        return arguments.Contradiction() is { } message ? throw new CommandException(ExitCodes.Usage, message) : arguments;
    }

    private string? Contradiction()
    {
        if (File is null && Checkpoints.Restore is null)
        {
            return "trapline run needs FILE, or --restore with the id of a checkpoint";
        }

        if (File is "")
        {
            return "the name of the scenario file is empty";
        }

        if (Out is "")
        {
            return "--out is empty; name a folder, or leave the option out";
        }

        if (Journal is "")
        {
            return "--journal is empty; name a journal.jsonl that an earlier run wrote";
        }

        if (Json && Details)
        {
            return "--details is about text; --json always has every variant in full: leave one of them out";
        }

        return Checkpoints.Contradiction(this) ?? SeedsContradiction() ?? TraceContradiction() ?? new NodesContradiction(this).Find();
    }

    private string? SeedsContradiction()
    {
        if (Seeds is null)
        {
            return KeepGoing ? "--keep-going is about --seeds: add it, or leave --keep-going out" : null;
        }

        (string Option, bool Given)[] others =
        [
            ("--seed", Seed is not null), ("--out", Out is not null), ("--trace", Trace is not null), ("--vcd", Vcd is not null), ("--round", Round),
            ("--journal", Journal is not null), ("--details", Details), ($"--nodes {Nodes}", Nodes > 1 && Cluster is null),
        ];
        return others.FirstOrDefault(other => other.Given).Option is { } option
            ? $"--seeds and {option} cannot be had at once: of many runs only a summary is kept. Run the seed that you want to see with --seed; the command is printed for one that fails"
            : null;
    }

    private string? TraceContradiction()
    {
        if (Vcd is "")
        {
            return "--vcd is empty; name a file, or leave the option out";
        }

        if (FilePlace.Same(Trace?.File, Vcd))
        {
            return $"--trace and --vcd are both {Quoted.Show(Vcd!)}; each needs a file of its own";
        }

        foreach (var (option, file) in ((string, string?)[])[("--trace", Trace?.File), ("--vcd", Vcd)])
        {
            if (file is not null && (FilePlace.IsSource(file) || FilePlace.Same(file, File) || FilePlace.Same(file, Journal)))
            {
                return $"{option} {Quoted.Show(file)} would overwrite what a run reads: a scenario, guest, cost profile or journal; name another file";
            }
        }

        return null;
    }
}
