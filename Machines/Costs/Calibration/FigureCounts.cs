using Trapline.Actors.Statistics;

namespace Trapline.Machines.Costs.Calibration;

/// <summary>What a simulated run paid for a figure: the only thing that a fit knows of the machine.</summary>
/// <param name="Name">Of the figure, or of a variant that no figure was published of.</param>
/// <param name="PublishedNs">Null where nothing was published.</param>
/// <param name="Counts">How often each cost was paid in the section, per pass; without those that stand beside.</param>
/// <param name="Traps">Traps of the guest's own making on all vCPUs, per pass.</param>
public sealed record FigureCounts(string Name, decimal? PublishedNs, IReadOnlyDictionary<CostKind, decimal> Counts, decimal Traps);
