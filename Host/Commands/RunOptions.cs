using System.CommandLine;
using System.CommandLine.Parsing;
using Trapline.Actors.Faults;
using Trapline.Cluster.Chaos;
using Trapline.Machines.Scenarios.Faults;
using Trapline.Machines.Scenarios.Placements;
using Trapline.Machines.Text;
using Trapline.Messages;

namespace Trapline.Host.Commands;

/// <summary>The argument and options of <c>run</c>.</summary>
internal sealed class RunOptions
{
    public Argument<string> File { get; } = Optional(ScenarioArgument.Create("Scenario to run, a .yaml file. With --restore not needed; one that is given must be what was cut"));

    public Option<ulong?> Seed { get; } = new("--seed")
    {
        Description = "Seed of all draws and ties, 0 to 2^64-1. Default: the scenario's",
        HelpName = "N",
        CustomParser = CommonOptions.Seed,
    };

    public Option<SeedRange?> Seeds { get; } = new("--seeds")
    {
        Description = $"Run once for each of these seeds, such as 1..100, and stop at the first that fails: how often results differ, and the command that repeats the failure. At most {SeedRange.MostSeeds} seeds. Writes no files. Default: one run",
        HelpName = "FIRST..LAST",
        CustomParser = result =>
        {
            var range = SeedRange.Parse(result.Tokens[0].Value, out var problem);
            if (problem is not null)
            {
                result.AddError(problem);
            }

            return range;
        },
    };

    public Option<bool> KeepGoing { get; } = new("--keep-going") { Description = "With --seeds: go on after a seed that fails. Default: stop" };

    public Option<string?> Only { get; } = new("--only")
    {
        Description = "Run one variant of the matrix alone, by its name, such as \"vcpus=4 pattern=all-to-all\". Default: all variants",
        HelpName = "VARIANT",
    };

    public Option<VirtualTime?> Until { get; } = CommonOptions.Duration("--until", "Virtual time at which each variant ends, such as 10ms. Default: the scenario's length.until");

    public Option<bool> Smoke { get; } = new("--smoke") { Description = "Run each variant only for the scenario's length.smoke. Default: length.until" };

    public Option<int?> Threads { get; } = CommonOptions.Integer("--threads", $"Threads of each node, 1 to {RunArguments.MostThreads}; results do not depend on it. Default: 1", 1, RunArguments.MostThreads);

    public Option<VirtualTime?> Window { get; } = CommonOptions.Duration("--window", "Length of a window in virtual time, at most the least path latency L ('validate' prints it); results do not depend on it. Default: L");

    public Option<string?> Out { get; } = new("--out")
    {
        Description = "Folder for report.json, report.html, CSV files and journal.jsonl; made if it is missing. Default: trapline-out/<name of the scenario>",
        HelpName = "DIR",
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Print the object of report.json instead of text. Default: text" };

    public Option<bool> Details { get; } = new("--details") { Description = $"Print every variant in full. Default: only if there are at most {RunArguments.MostVariantsInFull}" };

    public Option<TraceTarget?> Trace { get; } = new("--trace")
    {
        Description = "A file for ui.perfetto.dev: exits, handlers, register accesses, interrupts. 'text' is special: each instruction with its source line and each register access, to stderr; 'text:FILE': to a file. Costs most of the speed. Default: none",
        HelpName = "FILE|text[:FILE]",
        CustomParser = result =>
        {
            var target = TraceTarget.Parse(result.Tokens[0].Value, out var problem);
            if (problem is not null)
            {
                result.AddError(problem);
            }

            return target;
        },
    };

    public Option<string?> Vcd { get; } = new("--vcd")
    {
        Description = "A file for waveform viewers such as GTKWave: the interrupt lines of every vCPU, the inputs of controllers that moved. Default: none",
        HelpName = "FILE",
    };

    public Option<bool> NoInvariants { get; } = new("--no-invariants") { Description = "Do not watch over the invariants of interrupts. Default: watched; the first violation ends its variant, with exit code 1" };

    public Option<FaultPlan[]> Fault { get; } = new("--fault")
    {
        Description = "Plan a fault, beside those of the scenario: 'drop LineChange#17 ipi3->vcpu3', 'delay IpiSend#2 *->ipi by 5us', 'repeat PinInput#1'; may be given several times. Default: none",
        HelpName = "TEXT",
        CustomParser = result => [.. result.Tokens.Select(token => Parsed(result, token.Value)).OfType<FaultPlan>()],
    };

    public Option<bool> Round { get; } = new("--round") { Description = "Draw the time line of one round into report.html: from the guest's first mark to the next one. Costs some of the speed. Default: none" };

    public Option<string?> Journal { get; } = new("--journal") { Description = "Repeat what a person did to an earlier run, from its journal.jsonl. Default: nothing", HelpName = "FILE" };

    public Option<int?> Nodes { get; } = CommonOptions.Integer("--nodes", $"Processes that share the run, 1 to {RunArguments.MostNodes}, started and ended with it; results do not depend on it. With --cluster: nodes that a split variant has at most. Default: 1", 1, RunArguments.MostNodes);

    public Option<string?> Cluster { get; } = new("--cluster") { Description = "Hand the run to a cluster and follow it: sqlite:FILE, or postgresql://user@host:port/database. Default: it is run here", HelpName = "URL" };

    public Option<ChaosPlan?> Chaos { get; } = new("--chaos")
    {
        Description = "With --nodes: do this to the nodes while the run goes on, at points that the seed behind '@' chooses, and compare what is found with the undisturbed run: kill, holder, pause, freeze, cut, deaf, move, database, each with how often, such as kill:2,cut:1@7. Default: nothing",
        HelpName = "PLAN",
        CustomParser = result =>
        {
            var plan = ChaosPlan.Parse(result.Tokens[0].Value, out var problem);
            if (plan is null)
            {
                result.AddError($"--chaos: {problem}");
            }

            return plan;
        },
    };

    public Option<bool> Detach { get; } = new("--detach") { Description = "With --cluster: print the run's number and end; 'trapline runs attach' follows it. Default: follow it" };

    public Option<VirtualTime?> CheckpointInterval { get; } = CommonOptions.Duration("--checkpoint-interval", "Wall time between two checkpoints that lost nodes are made up for with; they cost at most 5 % of the run's time, whatever it is. Default: 30s with --cluster; none with --nodes");

    public Option<PlacementPolicy?> Placement { get; } = RunPlacement.Option();

    public CheckpointOptions Checkpoints { get; } = new();

    public void AddTo(Command command)
    {
        command.Arguments.Add(File);
        foreach (var option in (Option[])[Seed, Seeds, KeepGoing, Only, Until, Smoke, Threads, Window, Out, Json, Details, Trace, Vcd, Round, NoInvariants, Fault, Journal, .. Checkpoints.All, Cluster, Chaos, Detach, CheckpointInterval, Placement, Nodes])
        {
            command.Options.Add(option);
        }
    }

    private static Argument<string> Optional(Argument<string> argument)
    {
        argument.Arity = ArgumentArity.ZeroOrOne;
        return argument;
    }

    private static FaultPlan? Parsed(ArgumentResult result, string text)
    {
        var plan = FaultText.Parse(text, out var problem);
        if (plan is null)
        {
            result.AddError($"--fault {Quoted.Show(text)}: {problem}");
        }

        return plan;
    }
}
