namespace Trapline.Machines.Costs.Calibration;

/// <summary>What of a cost profile was fitted to published figures, and how it can be fitted again: the key <c>calibrate</c>.</summary>
public sealed record CalibrationPlan
{
    /// <summary>The guest's section whose time the figures are of.</summary>
    public required string Section { get; init; }

    /// <summary>The sections, on all vCPUs, whose traps the rival model counts.</summary>
    public required IReadOnlyList<string> TrapSections { get; init; }

    /// <summary>Costs that the figures' own formula does not name, because a fitted one contains them: printed beside, never fitted.</summary>
    public required IReadOnlyList<string> Beside { get; init; }

    /// <summary>Two costs that are fitted.</summary>
    public required IReadOnlyList<string> Fit { get; init; }

    public required IReadOnlyList<DerivedCost> Derived { get; init; }

    /// <summary>Factors that take another value in a fit than the profile's, because that one has seen the figures.</summary>
    public required IReadOnlyDictionary<string, decimal> Values { get; init; }

    /// <summary>Costs and factors whose lows and highs are the corners of a prediction's range.</summary>
    public required IReadOnlyList<string> Vary { get; init; }

    /// <summary>At least three: two to fit, one to predict.</summary>
    public required IReadOnlyList<PublishedFigure> Figures { get; init; }

    /// <summary>What the figures can and cannot show, for people.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The cost that is fitted again, alone, where the VMM's big lock makes anyone wait.</summary>
    public required string Refit { get; init; }
}
