namespace Trapline.Devices.LoongArch.Paravirt;

/// <summary>The registers that a hypercall is made with; it writes a0 alone.</summary>
/// <param name="A0">The function, compared with all its 64 bits.</param>
/// <param name="A1">Arguments 1 and so on.</param>
/// <param name="A2">2.</param>
/// <param name="A3">3.</param>
/// <param name="A4">4.</param>
/// <param name="A5">5.</param>
public readonly record struct HypercallArguments(ulong A0, ulong A1, ulong A2, ulong A3, ulong A4, ulong A5);
