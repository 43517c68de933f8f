namespace Trapline.Machines.Results.Calibration;

/// <summary>How the cost profile stands to published figures: what was fitted and what is predicted, apart.</summary>
public sealed record CalibrationReport
{
    public required IReadOnlyList<FigureRow> Figures { get; init; }

    /// <summary>Figures of machines that are not among the run's variants: without all of them nothing is predicted.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    public required IReadOnlyList<PredictionRow> Predictions { get; init; }

    /// <summary>Sentences: which model comes nearer to what it has not seen, and whether that holds over the whole range.</summary>
    public required IReadOnlyList<string> Comparisons { get; init; }

    /// <summary>Null where the scenario has no machine with a big lock to fit.</summary>
    public required RefitRow? Refit { get; init; }

    /// <summary>What the figures can and cannot show, as the profile says.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
