using Trapline.Machines.Costs;
using Trapline.Machines.Costs.Calibration;
using Trapline.Messages;

namespace Trapline.Host.Reports;

/// <summary>What <c>costs show --json</c> prints: a profile as it was read and checked. Times are nanoseconds.</summary>
internal sealed record CostsReport
{
    public required string Name { get; init; }

    public required string Description { get; init; }

    public required IReadOnlyList<CostsReportRow> Costs { get; init; }

    public required IReadOnlyList<CostsReportRow> Factors { get; init; }

    public required IReadOnlyList<CostsReportPath> Paths { get; init; }

    /// <summary>Published figures; none where the profile has no <c>calibrate</c>.</summary>
    public required IReadOnlyList<CostsReportFigure> Figures { get; init; }

    /// <summary>What is fitted to them, and what is derived from that: <c>kickIdle = kappa * wakeUpPath</c>.</summary>
    public required IReadOnlyList<string> Fitted { get; init; }

    public static CostsReport Of(CostProfile profile) => new()
    {
        Name = profile.Name,
        Description = profile.Description,
        Costs = [.. profile.Costs.Select(cost => new CostsReportRow(cost.Name, cost.Symbol, Ns(cost.Value), Ns(cost.Low), Ns(cost.High), Word(cost.Basis), cost.Source))],
        Factors = [.. profile.Factors.Select(factor => new CostsReportRow(factor.Name, factor.Symbol, factor.Value, factor.Low, factor.High, Word(factor.Basis), factor.Source))],
        Paths = [new(profile.BetweenGroups.Name, Ns(profile.PathLatency), Ns(profile.PathJitter), Word(profile.BetweenGroups.Basis), profile.BetweenGroups.Source)],
        Figures = [.. profile.Calibration?.Figures.Select(figure => new CostsReportFigure(figure.Name, Ns(figure.Published), figure.Machine.ToString(), figure.Source)) ?? []],
        Fitted = [.. profile.Calibration is { } plan ? FittedOf(plan) : []],
    };

    private static IEnumerable<string> FittedOf(CalibrationPlan plan) =>
        [.. plan.Fit, .. plan.Derived.Select(derived => $"{derived.Cost} = {derived.Factor} * {derived.Of}")];

    private static decimal Ns(VirtualTime time) => (decimal)time.Picoseconds / VirtualTime.PerNanosecond;

    private static string Word(CostBasis basis)
    {
#pragma warning disable CA1308 // The profile's own words are in lower case.
        return basis.ToString().ToLowerInvariant();
#pragma warning restore CA1308
    }
}
