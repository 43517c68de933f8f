using Trapline.Actors.Statistics;
using Trapline.Messages;

namespace Trapline.Machines.Costs.Calibration;

/// <summary>
/// A time is what was paid: the sum of counts times costs, of which two are unknown and some are factors times an unknown. Two
/// figures fit the unknowns exactly; the counts come from simulated runs.
/// </summary>
public sealed class CriticalPathModel(CalibrationPlan plan)
{
    /// <summary>The two unknowns in ns; null where the figures do not determine them or no time is left for one.</summary>
    public (decimal First, decimal Second)? Fit(FigureCounts a, FigureCounts b, CostAssumptions given)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        var (a1, a2, aRest) = Terms(a, given);
        var (b1, b2, bRest) = Terms(b, given);
        var determinant = (a1 * b2) - (b1 * a2);
        if (determinant == 0 || a.PublishedNs is not { } aTime || b.PublishedNs is not { } bTime)
        {
            return null;
        }

        var (aFree, bFree) = (aTime - aRest, bTime - bRest);
        var first = ((aFree * b2) - (bFree * a2)) / determinant;
        var second = ((a1 * bFree) - (b1 * aFree)) / determinant;
        return first > 0 && second > 0 ? (first, second) : null;
    }

    /// <summary>ns that the model gives a figure.</summary>
    public decimal Predict(FigureCounts figure, CostAssumptions given, (decimal First, decimal Second) fitted)
    {
        var (first, second, rest) = Terms(figure, given);
        return (first * fitted.First) + (second * fitted.Second) + rest;
    }

    /// <summary>The profile with what was fitted, and what is derived from it, rounded to picoseconds.</summary>
    public CostProfile Apply(CostProfile profile, CostAssumptions given, (decimal First, decimal Second) fitted)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(given);
        foreach (var cost in profile.Costs)
        {
            var ns = plan.Fit[0] == cost.Name ? fitted.First
                : plan.Fit[1] == cost.Name ? fitted.Second
                : plan.Derived.FirstOrDefault(derived => derived.Cost == cost.Name) is { } product ? given[product.Factor] * (product.Of == plan.Fit[0] ? fitted.First : fitted.Second)
                : given[cost.Name];
            profile = profile.With(cost.Name, new VirtualTime((long)decimal.Round(ns * VirtualTime.PerNanosecond)), "Fitted.");
        }

        return profile;
    }

    /// <summary>What a figure's time is of the first unknown, of the second, and ns of everything else.</summary>
    private (decimal First, decimal Second, decimal Constant) Terms(FigureCounts figure, CostAssumptions given)
    {
        var (first, second, rest) = (0m, 0m, 0m);
        foreach (var (kind, count) in figure.Counts)
        {
            var name = CostKinds.NameOf(kind);
            var product = plan.Derived.FirstOrDefault(derived => derived.Cost == name);
            var (of, amount) = product is null ? (name, count) : (product.Of, count * given[product.Factor]);
            if (of == plan.Fit[0])
            {
                first += amount;
            }
            else if (of == plan.Fit[1])
            {
                second += amount;
            }
            else
            {
                rest += amount * given[name];
            }
        }

        return (first, second, rest);
    }
}
