namespace Trapline.Machines.Results.Calibration;

/// <summary>A figure beside the run of its machine: fitted, not predicted.</summary>
/// <param name="Name">Of the figure; of the variant where none was published.</param>
/// <param name="Variant">Name of the variant that ran.</param>
/// <param name="PublishedNs">Null where none was published.</param>
/// <param name="SimulatedNs">The section's time, one pass, without what stands beside.</param>
/// <param name="BesideNs">Instructions and memory accesses, which the published figure has in another cost.</param>
/// <param name="WaitingNs">Waiting for locks, in <paramref name="SimulatedNs"/>.</param>
/// <param name="Traps">Traps of the guest's own making, on all vCPUs.</param>
/// <param name="Counts">What was paid: <c>16 x wakeUpPath</c>.</param>
public sealed record FigureRow(
    string Name, string Variant, decimal? PublishedNs, decimal SimulatedNs, decimal BesideNs, decimal WaitingNs, decimal Traps, IReadOnlyList<string> Counts);
