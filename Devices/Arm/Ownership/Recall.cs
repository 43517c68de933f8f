namespace Trapline.Devices.Arm.Ownership;

/// <summary>The board wants interrupts back from a CPU interface, before it changes or shows them.</summary>
/// <param name="Vcpu">Index of the vCPU that holds them.</param>
/// <param name="FirstInterrupt">INTID of bit 0, a multiple of 32.</param>
/// <param name="Mask">Which.</param>
public readonly record struct Recall(int Vcpu, int FirstInterrupt, uint Mask);
