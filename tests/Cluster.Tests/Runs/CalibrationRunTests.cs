using Trapline.Cluster.Runs;
using Trapline.Machines.Results;
using Trapline.Machines.Results.Calibration;
using Trapline.Machines.Scenarios;
using Xunit;

namespace Trapline.Cluster.Tests.Runs;

/// <summary>The timing vectors of the specification of the paravirtual IPI, Q1 to Q4, as the futex-wake scenario's ledgers have them.</summary>
public sealed class CalibrationRunTests
{
    private static readonly Lazy<RunReport> Futex = new(() => Run(ScenarioFiles.Load("futex-wake")));

    [Fact]
    public void Futex_wake_pays_exactly_what_the_formulas_name_and_shows_the_rest_beside()
    {
        var report = Futex.Value;

        var figures = report.Calibration!.Figures.ToDictionary(row => row.Variant);
        Assert.Equal((17_600m, 0m, "physical"), (figures["scheme=native"].SimulatedNs, figures["scheme=native"].Traps, figures["scheme=native"].Name));
        Assert.Equal((114_005m, 45m, "vm-original"), (figures["scheme=user"].SimulatedNs, figures["scheme=user"].Traps, figures["scheme=user"].Name));
        Assert.Equal((48_095m, 15m, "vm-pv-ipi"), (figures["scheme=pv"].SimulatedNs, figures["scheme=pv"].Traps, figures["scheme=pv"].Name));
        Assert.Equal((56_165m, 45m, null), (figures["scheme=kernel"].SimulatedNs, figures["scheme=kernel"].Traps, figures["scheme=kernel"].PublishedNs));
        Assert.All(figures.Values, figure => Assert.Equal(0, figure.WaitingNs));
        Assert.All(report.Variants, variant =>
        {
            var section = variant.Sections.Single(section => section.Name == "wake");
            Assert.Equal(section.Ns, section.Costs.Sum(cost => cost.Ns));
            Assert.Equal(section.Ns, figures[variant.Name].SimulatedNs + figures[variant.Name].BesideNs);
            Assert.All(variant.Expectations, expectation => Assert.True(expectation.Holds, expectation.Text));
        });
    }

    /// <summary>Section 6.4: each figure from the two others, by the run with the fitted profile; section 6.5: the rival model.</summary>
    [Theory]
    [InlineData("vm-pv-ipi", 46.5, -3.4, 49.7, 3.4)]
    [InlineData("vm-original", 122.0, 7.0, 109.1, -4.3)]
    [InlineData("physical", 18.9, 7.1, 15.2, -13.9)]
    public void Each_figure_is_predicted_from_the_two_others_within_the_range_over_the_assumed_costs(string figure, double path, double pathError, double traps, double trapsError)
    {
        var rows = Futex.Value.Calibration!.Predictions.Where(row => row.Figure == figure).ToDictionary(row => row.Model);

        Check(rows["critical path"], path, pathError);
        Check(rows["trap count"], traps, trapsError);
        Assert.True(rows["critical path"].LowNs < rows["critical path"].Ns && rows["critical path"].Ns < rows["critical path"].HighNs);

        void Check(PredictionRow row, double microseconds, double error)
        {
            Assert.Equal((decimal)microseconds, decimal.Round(row.Ns / 1000, 1));
            Assert.Equal((decimal)error, decimal.Round(100 * ((row.Ns / row.PublishedNs!.Value) - 1), 1));
        }
    }

    [Fact]
    public void With_the_big_lock_on_the_exit_to_user_space_is_fitted_again()
    {
        var refit = Futex.Value.Calibration!.Refit!;

        Assert.Equal(("vm-original", "userAccess", 5_357m), (refit.Figure, refit.Cost, refit.ProfileNs));
        // Waiting takes its part of the figure, so that the exit gets less; the figure comes out again to the nanosecond.
        Assert.True(refit.Ns < 5_357 && refit.WaitingNs > 0, $"{refit}");
        Assert.InRange(refit.SimulatedNs, 113_990, 114_010);
    }

    private static RunReport Run(Scenario scenario)
    {
        using var control = new RunControl();
        return RunSession.Run(new RunRequest { Scenario = scenario }, control);
    }
}
