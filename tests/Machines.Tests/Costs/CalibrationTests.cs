using Trapline.Actors.Statistics;
using Trapline.Machines.Costs;
using Trapline.Machines.Costs.Calibration;
using Xunit;

namespace Trapline.Machines.Tests.Costs;

/// <summary>
/// The fits of the specification of the paravirtual IPI, 6.4 and 6.5, from counts that stand here as the ledgers of the
/// futex-wake scenario give them.
/// </summary>
public sealed class CalibrationTests
{
    private static readonly CostProfile Profile = CostProfileLoader.Load(Repository.PathOf("scenarios", "costs", "3c5000.yaml")).Profile!;
    private static readonly CalibrationPlan Plan = Profile.Calibration!;
    private static readonly CriticalPathModel Model = new(Plan);

    private static readonly FigureCounts Physical = Figure("physical", 17_600, 0);
    private static readonly FigureCounts Original = Figure("vm-original", 114_000, 45, CostKind.UserAccess, CostKind.InjectionIoctl, CostKind.KickIdle);
    private static readonly FigureCounts Paravirtual = Figure("vm-pv-ipi", 48_100, 15, CostKind.Hypercall, CostKind.HypercallDecode, CostKind.HypercallTarget, CostKind.KickIdle);
    private static readonly FigureCounts Kernel = Figure("kernel", null, 45, CostKind.KernelAccess, CostKind.KickIdle);

    public static TheoryData<int, decimal, decimal, decimal, decimal> LeaveOneOut => new()
    {
        // Left out, W, E, prediction, error in per cent.
        { 2, 1.100m, 1.104m, 46.5m, -3.4m },
        { 1, 1.100m, 1.213m, 122.0m, 7.0m },
        { 0, 1.178m, 1.075m, 18.9m, 7.1m },
    };

    [Theory]
    [MemberData(nameof(LeaveOneOut))]
    public void Each_figure_is_predicted_from_the_two_others_as_in_the_table(int left, decimal wakeUpPath, decimal hypercall, decimal microseconds, decimal error)
    {
        FigureCounts[] all = [Physical, Original, Paravirtual];
        var (a, b) = (all[left == 0 ? 1 : 0], all[left == 2 ? 1 : 2]);
        var given = CostAssumptions.Of(Profile, Plan);

        var fitted = Model.Fit(a, b, given)!.Value;
        var predicted = Model.Predict(all[left], given, fitted);

        Assert.Equal((wakeUpPath, hypercall), (Math.Round(fitted.First / 1000, 3), Math.Round(fitted.Second / 1000, 3)));
        Assert.Equal(microseconds, Math.Round(predicted / 1000, 1));
        Assert.Equal(error, Math.Round(100 * (predicted - all[left].PublishedNs!.Value) / all[left].PublishedNs!.Value, 1));
    }

    // The sensitivity table of the specification: a name, its value, and the error in per cent for PV, original and physical.
    [Theory]
    [InlineData("userRatio", "3.97", "4.2", "-7.1", "-9.4")]
    [InlineData("userRatio", "5.65", "-8.3", "19.7", "16.6")]
    [InlineData("kappa", "0.5", "-8.9", "18.2", "20.8")]
    [InlineData("kappa", "0.9", "2.0", "-4.1", "-3.8")]
    [InlineData("injectionIoctl", "0", "-1.5", "3.1", "3.1")]
    [InlineData("injectionIoctl", "1000", "-7.9", "16.2", "16.5")]
    public void Bounds_of_assumed_costs_move_the_predictions_as_in_the_table(string name, string value, params string[] errors)
    {
        var given = CostAssumptions.Of(Profile, Plan);
        var values = new Dictionary<string, decimal>(given.Values) { [name] = decimal.Parse(value) };
        (FigureCounts Left, FigureCounts A, FigureCounts B)[] all = [(Paravirtual, Physical, Original), (Original, Physical, Paravirtual), (Physical, Original, Paravirtual)];

        var found = all.Select(each =>
        {
            var predicted = Model.Predict(each.Left, new(values), Model.Fit(each.A, each.B, new(values))!.Value);
            return Math.Round(100 * (predicted - each.Left.PublishedNs!.Value) / each.Left.PublishedNs!.Value, 1);
        });

        Assert.Equal(errors.Select(decimal.Parse), found);
    }

    [Fact]
    public void The_rival_model_is_fitted_to_the_same_figures()
    {
        var onPv = TrapCountModel.Fit(Physical, Paravirtual)!.Value;
        var onOriginal = TrapCountModel.Fit(Physical, Original)!.Value;

        Assert.Equal(2033.333m, Math.Round(onPv.PerTrap, 3));
        Assert.Equal(109.1m, Math.Round(TrapCountModel.Predict(Original, onPv) / 1000, 1));
        Assert.Equal(49.7m, Math.Round(TrapCountModel.Predict(Paravirtual, onOriginal) / 1000, 1));
        Assert.Equal(109.1m, Math.Round(TrapCountModel.Predict(Kernel, onPv) / 1000, 1));
        Assert.Null(TrapCountModel.Fit(Original, Kernel));
    }

    [Fact]
    public void A_fitted_profile_has_the_fit_and_what_is_derived_from_it_to_the_picosecond()
    {
        var given = CostAssumptions.Of(Profile, Plan);
        var profile = Model.Apply(Profile, given, (1_000.0004m, 2_000m));

        Assert.Equal(1_000_000, profile[CostNames.WakeUpPath].Value.Picoseconds);
        Assert.Equal(700_000, profile[CostNames.KickIdle].Value.Picoseconds);
        Assert.Equal(9_708_000, profile[CostNames.UserAccess].Value.Picoseconds);
        Assert.Equal(2_970_000, profile[CostNames.KernelAccess].Value.Picoseconds);
        Assert.Equal(Profile[CostNames.WakeIdle].Value, profile[CostNames.WakeIdle].Value);
    }

    [Fact]
    public void The_corners_are_all_combinations_of_lows_and_highs()
    {
        var corners = CostAssumptions.Of(Profile, Plan).Corners(Profile, ["kappa", "injectionIoctl"]).Select(corner => (corner["kappa"], corner["injectionIoctl"])).Order();

        Assert.Equal([(0.5m, 0m), (0.5m, 1000m), (0.9m, 0m), (0.9m, 1000m)], corners);
    }

    [Fact]
    public void Figures_that_do_not_determine_the_unknowns_give_no_fit()
        => Assert.Null(Model.Fit(Physical, Physical with { Name = "twice" }, CostAssumptions.Of(Profile, Plan)));

    [Theory]
    [InlineData("fit: [wakeUpPath, hypercall]", "fit: [wakeUpPath]", "calibrate.fit must name 2 costs")]
    [InlineData("fit: [wakeUpPath, hypercall]", "fit: [wakeUpPath, hypercal]", "calibrate.fit: 'hypercal' is none of the profile's names; did you mean 'hypercall'?")]
    [InlineData("kickIdle: kappa * wakeUpPath", "kickIdle: kappa + wakeUpPath", "calibrate.derive.kickIdle must be FACTOR * COST")]
    [InlineData("machine: { hypervisor: none }", "machine: { hypervisr: none }", "unknown key 'hypervisr' in calibrate.figures.physical.machine; did you mean 'hypervisor'?")]
    [InlineData("published: 48.1us", "published: 48.1", "calibrate.figures.vm-pv-ipi.published must be a duration")]
    [InlineData("refit: userAccess", "refit: user", "calibrate.refit must be one of")]
    public void A_wrong_plan_is_an_error_at_its_place(string from, string to, string message)
    {
        var text = File.ReadAllText(Repository.PathOf("scenarios", "costs", "3c5000.yaml"));
        Assert.Contains(from, text, StringComparison.Ordinal);

        var errors = CostProfileLoader.Parse(text.Replace(from, to, StringComparison.Ordinal), "p.yaml").Errors;

        Assert.Contains(errors, error => error.Text.StartsWith(message, StringComparison.Ordinal) && error.Position.Line > 200);
    }

    private static FigureCounts Figure(string name, decimal? published, decimal traps, params CostKind[] perInterrupt)
        => new(name, published, perInterrupt.ToDictionary(kind => kind, _ => 15m).Append(new(CostKind.WakeUpPath, 16m)).ToDictionary(), traps);
}
