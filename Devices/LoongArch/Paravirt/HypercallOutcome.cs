namespace Trapline.Devices.LoongArch.Paravirt;

/// <summary>What became of a hypercall.</summary>
/// <param name="Effect">What is left to do.</param>
/// <param name="Result">For a0, where the effect writes it.</param>
public readonly record struct HypercallOutcome(HypercallEffect Effect, ulong Result);
