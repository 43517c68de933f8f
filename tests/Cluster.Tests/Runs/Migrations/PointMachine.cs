using Trapline.Actors.Kernel;
using Trapline.Actors.Migration;
using Trapline.Actors.Tracing;
using Trapline.Cluster.Runs;
using Trapline.Machines.Boards;
using Trapline.Machines.Results;
using Trapline.Machines.Scenarios;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Cluster.Tests.Runs.Migrations;

/// <summary>A variant at two hosts, with the controllers where the point wants them, and what it does undisturbed.</summary>
internal sealed class PointMachine
{
    /// <summary>Every guest of the scenarios ends by itself; one that has not by then has lost something.</summary>
    private static readonly VirtualTime Longest = VirtualTime.FromNanoseconds(4_000_000_000);

    private readonly VariantPlan _variant;
    private PointRun? _undisturbed;

    /// <param name="scenario">The scenario.</param>
    /// <param name="variant">One of its cells, or that with fewer vCPUs.</param>
    /// <param name="irqchip">Where its controllers are.</param>
    public PointMachine(Scenario scenario, ScenarioVariant variant, Irqchip irqchip)
    {
        Irqchip = irqchip;
        _variant = VariantPlan.Of(scenario, variant with
        {
            Machine = variant.Machine with { Irqchip = irqchip },
            Migrations = [],
            Until = Longest,
            WrittenUntil = Longest,
        });
    }

    public Irqchip Irqchip { get; }

    public string Scenario => _variant.Scenario.Name;

    public string Name => $"{Scenario} [{_variant.Variant.Name}] irqchip={Irqchip} vcpus={_variant.Variant.Vcpus}";

    public int Vcpus => _variant.Variant.Vcpus;

    /// <summary>Whether a counter is the guest's own, not one of KVM's statistics.</summary>
    public bool IsOfGuest(string counter) => _variant.Program.Counters.Contains(counter);

    public PointRun Undisturbed => _undisturbed ??= Run([], sequences: true);

    /// <summary>Carried out as asked; what it finds does not depend on how.</summary>
    /// <param name="plans">The migrations.</param>
    /// <param name="sequences">Whether to take down what each vCPU says.</param>
    /// <param name="threads">Of the engine.</param>
    /// <param name="window">Of the engine; null for the longest.</param>
    /// <param name="cut">When the run is saved and carried on by fresh actors; null for never. Without sequences alone.</param>
    public PointRun Run(IReadOnlyList<MigrationPlan> plans, bool sequences, int threads = 1, VirtualTime? window = null, VirtualTime? cut = null)
    {
        var variant = _variant with { Variant = _variant.Variant with { Migrations = plans } };
        var said = new GuestSequences();
        var engine = Create(variant, sequences ? said : null, threads, window);
        try
        {
            engine.Start();
            if (cut is { } at)
            {
                engine.Run(at);
                var written = engine.Groups.Select(Written).ToArray();
                engine.Dispose();
                engine = Create(variant, null, threads, window);
                engine.Load(group => new StateReader(written[group.Index]));
            }

            engine.Run(VirtualTime.Never);
            return new PointRun(ReportOf(engine, variant), said, engine.End?.At ?? engine.StopAt);
        }
        finally
        {
            engine.Dispose();
        }
    }

    private static VariantReport ReportOf(Engine engine, VariantPlan variant)
    {
        var results = NodeResult.Of(engine, variant.Program);
        var judge = new RunJudge([results.Observed]).Violations();
        var rows = new ViolationRows(engine.Plan.Faults, [results.Observed], judge.Count == 0 ? [] : [NodeLives.Of(engine, judge)]);
        return new VariantReportBuilder(variant.Variant, variant.Program, [results]).Build(Longest, interrupted: false, wallSeconds: 0, (rows.Of(judge), rows.Faults()));
    }

    private static Engine Create(VariantPlan variant, GuestSequences? said, int threads, VirtualTime? window)
    {
        var plan = variant.Build();
        var trace = said is null ? null
            : new TraceWriter([said], new TraceMachine(variant.Variant.Name, variant.Program, [.. plan.Groups.SelectMany(group => group.Addresses)]));
        var options = new EngineOptions { Invariants = true, Threads = threads, Window = window, Trace = trace };
        var engine = new Engine(plan, Placement.OneNode(plan.Groups.Count), 0, options);
        engine.StopBefore(Longest);
        return engine;
    }

    private static byte[] Written(Group group)
    {
        var writer = new StateWriter();
        group.SyncState(writer);
        return writer.Written.ToArray();
    }
}
