namespace Trapline.Machines.Results.Calibration;

/// <summary>What a model says of a figure that it has not seen.</summary>
/// <param name="Model"><c>critical path</c>, which the simulation is, or <c>trap count</c>.</param>
/// <param name="Figure">Left out of the fit.</param>
/// <param name="FittedOn">The others.</param>
/// <param name="Fitted">What came out of the fit: name and ns.</param>
/// <param name="Ns">Of the critical path a simulated run with the fitted profile.</param>
/// <param name="LowNs">Least over the corners of the assumed costs, fitted anew in each.</param>
/// <param name="HighNs">Greatest.</param>
/// <param name="PublishedNs">Null where none was published.</param>
/// <param name="ErrorPercent">Of <paramref name="Ns"/> against the published figure; null where there is none.</param>
public sealed record PredictionRow(
    string Model, string Figure, IReadOnlyList<string> FittedOn, IReadOnlyDictionary<string, decimal> Fitted,
    decimal Ns, decimal LowNs, decimal HighNs, decimal? PublishedNs, decimal? ErrorPercent);
