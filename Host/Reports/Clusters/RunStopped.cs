namespace Trapline.Host.Reports.Clusters;

/// <summary>What <c>runs stop --json</c> prints.</summary>
/// <param name="Run">Number of the run.</param>
/// <param name="Phase"><c>stopped</c>, or another one if it was over already.</param>
/// <param name="Results">Variants whose results are kept, to where they were stopped.</param>
/// <param name="Variants">Of the run, over all its seeds.</param>
internal sealed record RunStopped(long Run, string Phase, int Results, int Variants);
