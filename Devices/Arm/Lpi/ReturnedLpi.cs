namespace Trapline.Devices.Arm.Lpi;

/// <summary>An LPI that a CPU interface has given back pending, and that nobody has decided about yet.</summary>
internal record struct ReturnedLpi(int Vcpu, int InterruptId);
