namespace Trapline.Machines.Results.Calibration;

/// <summary>A cost fitted again with the VMM's big lock on: simulated runs with waiting come to the published figure with it.</summary>
/// <param name="Cost">Its name.</param>
/// <param name="Figure">The figure that it is fitted to.</param>
/// <param name="ProfileNs">What the profile says.</param>
/// <param name="Ns">What is found.</param>
/// <param name="WaitingNs">Waiting in that run.</param>
/// <param name="SimulatedNs">Its time.</param>
/// <param name="Runs">Simulated runs that it took.</param>
public sealed record RefitRow(string Cost, string Figure, decimal ProfileNs, decimal Ns, decimal WaitingNs, decimal SimulatedNs, int Runs);
