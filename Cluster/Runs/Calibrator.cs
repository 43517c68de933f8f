using Trapline.Actors.Kernel;
using Trapline.Actors.Statistics;
using Trapline.Machines.Boards;
using Trapline.Machines.Costs;
using Trapline.Machines.Costs.Calibration;
using Trapline.Machines.Results;
using Trapline.Machines.Results.Calibration;
using Trapline.Messages;

namespace Trapline.Cluster.Runs;

/// <summary>
/// Holds a run against the figures that its cost profile names: leaves each one out, fits the profile to the others, and
/// simulates the machine of the one left out with what came out. Counts come from the ledgers of the runs, never from a formula.
/// </summary>
internal sealed class Calibrator
{
    private const string CriticalPath = "critical path";
    private const string TrapCount = "trap count";
    private const int MostRefitRuns = 40;

    private static readonly CostKind[] TrapKinds = [CostKind.Hypercall, CostKind.KernelAccess, CostKind.UserAccess];

    private readonly CalibrationPlan _plan;
    private readonly CostProfile _profile;
    private readonly CriticalPathModel _model;
    private readonly List<Machine> _machines = [];

    private Calibrator(CalibrationPlan plan, CostProfile profile)
    {
        _plan = plan;
        _profile = profile;
        _model = new CriticalPathModel(plan);
    }

    /// <summary>Null where the profile has no figures, or no variant went through the section that they are of.</summary>
    public static CalibrationReport? Calibrate(CostProfile profile, IReadOnlyList<VariantPlan> plans, IReadOnlyList<VariantReport> reports)
    {
        if (profile.Calibration is not { } plan)
        {
            return null;
        }

        var calibrator = new Calibrator(plan, profile);
        foreach (var (variant, report) in plans.Zip(reports))
        {
            if (report.EndReason == "exit" && report.Sections.Any(section => section.Name == plan.Section))
            {
                calibrator.Add(variant, report);
            }
        }

        return calibrator._machines.Count == 0 ? null : calibrator.Report();
    }

    private void Add(VariantPlan variant, VariantReport report)
    {
        var figure = _plan.Figures.FirstOrDefault(figure => figure.Machine.IsOf(variant.Variant.Machine, variant.Variant.Profile));
        var section = report.Sections.First(section => section.Name == _plan.Section);
        var counts = section.Costs
            .Where(cost => cost.IsCost && !_plan.Beside.Contains(cost.Name))
            .ToDictionary(cost => CostKinds.Find(cost.Name)!.Value, cost => (decimal)cost.Count / section.Passes);
        var traps = report.Sections.Where(each => _plan.TrapSections.Contains(each.Name)).SelectMany(each => each.Costs)
            .Where(cost => CostKinds.Find(cost.Name) is { } kind && TrapKinds.Contains(kind)).Sum(cost => cost.Count);
        var published = figure is null ? (decimal?)null : Ns(figure.Published);
        var name = figure?.Name ?? report.Name;
        var known = new FigureCounts(name, published, counts, (decimal)traps / section.Passes);
        var row = new FigureRow(
            name, report.Name, published, Simulated(section), Sum(section, _plan.Beside), Sum(section, ["waiting"]), known.Traps,
            [.. section.Costs.Where(cost => cost.IsCost && cost.Count != 0).Select(cost => $"{cost.Count} x {cost.Name}")]);
        _machines.Add(new(variant, known, row));
    }

    private CalibrationReport Report()
    {
        // In the order of the profile, whatever that of the variants.
        var published = _plan.Figures.Select(figure => _machines.Find(machine => machine.Counts.Name == figure.Name)).OfType<Machine>().ToList();
        var missing = _plan.Figures.Select(figure => figure.Name).Except(published.Select(machine => machine.Counts.Name)).ToList();
        var predictions = new List<PredictionRow>();
        var comparisons = new List<string>();
        if (missing.Count == 0)
        {
            foreach (var left in published)
            {
                Predict(left, [.. published.Where(machine => machine != left)], _plan.Vary, predictions, comparisons);
            }

            foreach (var other in _machines.Where(machine => machine.Counts.PublishedNs is null))
            {
                Predict(other, [published[0], published[^1]], [.. _plan.Vary, .. UnseenFactors(other)], predictions, comparisons);
            }
        }

        return new()
        {
            Figures = [.. _machines.Select(machine => machine.Row)],
            Missing = missing,
            Predictions = predictions,
            Comparisons = comparisons,
            Refit = missing.Count == 0 ? Refit() : null,
            Notes = _plan.Notes,
        };
    }

    /// <summary>Factors of costs that only a machine without a figure pays: nothing was fitted to them, so their range counts.</summary>
    private IEnumerable<string> UnseenFactors(Machine machine) => _plan.Derived
        .Where(derived => CostKinds.Find(derived.Cost) is { } kind && machine.Counts.Counts.ContainsKey(kind) && !_plan.Vary.Contains(derived.Factor))
        .Select(derived => derived.Factor);

    private void Predict(Machine left, List<Machine> fitted, IReadOnlyList<string> vary, List<PredictionRow> rows, List<string> comparisons)
    {
        var (a, b) = (fitted[0].Counts, fitted[^1].Counts);
        var given = CostAssumptions.Of(_profile, _plan);
        if (_model.Fit(a, b, given) is not { } costs || TrapCountModel.Fit(a, b) is not { } rival)
        {
            comparisons.Add($"{left.Counts.Name}: {a.Name} and {b.Name} do not determine what is to be fitted");
            return;
        }

        // The least and the greatest corner are found by the counts, and then simulated like the value itself.
        var corners = given.Corners(_profile, vary)
            .Select(corner => (Given: corner, Fit: _model.Fit(a, b, corner)))
            .Where(corner => corner.Fit is { } fit && IsPossible(_model.Apply(_profile, corner.Given, fit)))
            .Select(corner => (corner.Given, Fit: corner.Fit!.Value, Ns: _model.Predict(left.Counts, corner.Given, corner.Fit!.Value)))
            .OrderBy(corner => corner.Ns)
            .ToList();
        var value = Simulate(left, _model.Apply(_profile, given, costs));
        var low = corners.Count == 0 ? value : Simulate(left, _model.Apply(_profile, corners[0].Given, corners[0].Fit));
        var high = corners.Count == 0 ? value : Simulate(left, _model.Apply(_profile, corners[^1].Given, corners[^1].Fit));
        rows.Add(Row(CriticalPath, left, fitted, (_plan.Fit[0], costs.First), (_plan.Fit[1], costs.Second), value, Math.Min(low, value), Math.Max(high, value)));
        var count = TrapCountModel.Predict(left.Counts, rival);
        rows.Add(Row(TrapCount, left, fitted, ("base", rival.Base), ("trap", rival.PerTrap), count, count, count));
        comparisons.Add(Compare(left.Counts, value, low, high, count, [.. corners.Select(corner => corner.Ns)]));
    }

    private static PredictionRow Row(
        string model, Machine left, List<Machine> fitted, (string Name, decimal Ns) first, (string Name, decimal Ns) second, decimal value, decimal low, decimal high)
    {
        var published = left.Counts.PublishedNs;
        return new(
            model, left.Counts.Name, [.. fitted.Select(machine => machine.Counts.Name)],
            new Dictionary<string, decimal> { [first.Name] = decimal.Round(first.Ns, 3), [second.Name] = decimal.Round(second.Ns, 3) },
            value, low, high, published, published is { } known ? decimal.Round(100 * (value - known) / known, 1) : null);
    }

    private static string Compare(FigureCounts figure, decimal value, decimal low, decimal high, decimal rival, IReadOnlyList<decimal> corners)
    {
        if (figure.PublishedNs is not { } published)
        {
            var apart = rival < low || rival > high;
            return $"{figure.Name}: nothing was published; a measurement would {(apart ? "tell the models apart: the trap count is outside the other's range" : "not tell the models apart: the trap count is inside the other's range")}";
        }

        var distance = Math.Abs(rival - published);
        bool Nearer(decimal ns) => Math.Abs(ns - published) < distance;
        var winner = Nearer(value) ? CriticalPath : TrapCount;
        var changes = corners.Any(ns => Nearer(ns) != Nearer(value));
        return $"{figure.Name}: the {winner} comes nearer; {(changes ? "inside the range of the assumed costs the winner changes" : "so it does over the whole range of the assumed costs")}";
    }

    /// <summary>The cost with which the machine whose big lock is on comes to its figure, found by bisection over simulated runs.</summary>
    private RefitRow? Refit()
    {
        var machine = _machines.FirstOrDefault(machine => machine.Counts.PublishedNs is not null && machine.Variant.Variant.Machine.Irqchip == Irqchip.User);
        if (machine is null)
        {
            return null;
        }

        var locked = machine with { Variant = machine.Variant with { Variant = machine.Variant.Variant with { Machine = machine.Variant.Variant.Machine with { BigLock = BigLock.On } } } };
        var published = machine.Counts.PublishedNs!.Value;
        var cost = _profile[_plan.Refit];
        var (low, high) = (2 * (_profile.PathLatency.Picoseconds + _profile.PathJitter.Picoseconds), 2 * Math.Max(cost.High.Picoseconds, cost.Value.Picoseconds));
        var runs = 0;
        while (high - low > 1 && runs < MostRefitRuns)
        {
            var middle = low + ((high - low) / 2);
            var time = Simulate(locked, _profile.With(cost.Name, new VirtualTime(middle), "Fitted."));
            runs++;
            (low, high) = time < published ? (middle, high) : (low, middle);
        }

        var found = _profile.With(cost.Name, new VirtualTime(high), "Fitted.");
        var section = SectionOf(locked, found);
        return new(cost.Name, machine.Counts.Name, Ns(cost.Value), Ns(new VirtualTime(high)), Sum(section, ["waiting"]), Simulated(section), runs + 1);
    }

    private static bool IsPossible(CostProfile profile)
        => profile.Costs.All(cost => CostLimits.ProblemOf(cost.Name, cost.Value, profile.BetweenGroups) is null);

    private decimal Simulate(Machine machine, CostProfile profile) => Simulated(SectionOf(machine, profile));

    private SectionRow SectionOf(Machine machine, CostProfile profile)
    {
        // What the scenario sets for the variant stays set.
        var variant = machine.Variant with { Scenario = machine.Variant.Scenario with { Costs = profile } };
        var plan = variant.Build();
        using var engine = new Engine(plan, Placement.OneNode(plan.Groups.Count), 0, new EngineOptions());
        engine.StopBefore(variant.Variant.Until);
        engine.Start();
        engine.Run(VirtualTime.Never);
        var report = new VariantReportBuilder(variant.Variant, variant.Program, [NodeResult.Of(engine, variant.Program)]).Build(variant.Variant.Until, interrupted: false, wallSeconds: 0, ([], []));
        return report.Sections.FirstOrDefault(section => section.Name == _plan.Section)
            ?? throw new RunException(RunFailure.Simulation, $"variant {report.Name}: with fitted costs the guest does not come to the end of its section {_plan.Section} before {variant.Variant.Until}; make length.until longer");
    }

    private decimal Simulated(SectionRow section) => (section.Ns - (Sum(section, _plan.Beside) * section.Passes)) / section.Passes;

    private static decimal Sum(SectionRow section, IReadOnlyList<string> names) => section.Costs.Where(cost => names.Contains(cost.Name)).Sum(cost => cost.Ns) / section.Passes;

    private static decimal Ns(VirtualTime time) => (decimal)time.Picoseconds / VirtualTime.PerNanosecond;

    private sealed record Machine(VariantPlan Variant, FigureCounts Counts, FigureRow Row);
}
