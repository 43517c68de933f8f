using System.CommandLine;
using Trapline.Actors.Faults;
using Trapline.Machines.Scenarios;
using Trapline.Machines.Scenarios.Placements;
using Trapline.Machines.Text;
using Trapline.Messages;

namespace Trapline.Host.Commands;

/// <summary>What a command line asks <c>run</c> for, each value checked and all together too.</summary>
internal sealed record RunArguments
{
    public const int MostThreads = 64;

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

    public int Threads { get; init; } = 1;

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

    public int? Node { get; init; }

    public Uri? Listen { get; init; }

    public Uri? Peer { get; init; }

    public bool Quiet { get; init; }

    public ScenarioOverrides Overrides => new() { Seed = Seed, Until = Until, Faults = Faults };

    /// <summary>
    /// The second of two nodes on one machine finds the same folder as the first: it writes only where it is told to.
    /// </summary>
    public bool WritesFiles => !Quiet && (Node != 1 || Out is not null);

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
            Threads = parsed.GetValue(options.Threads) ?? 1,
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
            Node = parsed.GetValue(options.Node),
            Listen = parsed.GetValue(options.Listen),
            Peer = parsed.GetValue(options.Peer),
            Quiet = parsed.GetValue(options.Quiet),
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

        return Checkpoints.Contradiction(this) ?? SeedsContradiction() ?? TraceContradiction() ?? NodeContradiction();
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
            ("--journal", Journal is not null), ("--details", Details), ("--nodes 2", Nodes > 1), ("--node", Node is not null),
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

        if (Nodes == 1)
        {
            return null;
        }

        // A text trace is for those who debug one of two processes; the other formats promise the whole machine.
        return Vcd is not null || Round || Trace is { IsText: false }
            ? $"{(Vcd is not null ? "--vcd" : Round ? "--round" : "--trace FILE")} shows the whole machine, but each of two processes sees half of it: leave --nodes out, results do not depend on it"
            : null;
    }

    private string? NodeContradiction()
    {
        if (Node is null)
        {
            return Listen is null && Peer is null
                ? null
                : $"{(Listen is null ? "--peer" : "--listen")} is for nodes that are started by hand: add --nodes 2 and --node 0 or --node 1, or leave it out";
        }

        if (Nodes != 2)
        {
            return $"--node {Node} needs --nodes 2: a run in one process has no other node";
        }

        if (Listen is null || Peer is null)
        {
            return $"--node {Node} needs {(Listen is null ? "--listen, where this process listens" : "--peer, where the other process listens")}, such as http://127.0.0.1:5000";
        }

        return Listen == Peer ? $"--listen and --peer are both {Listen}; each process listens on a port of its own" : null;
    }
}
