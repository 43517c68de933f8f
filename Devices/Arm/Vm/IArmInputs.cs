using Trapline.Devices.Common.Kvm;

namespace Trapline.Devices.Arm.Vm;

/// <summary>What the interrupt ioctls of an ARM VM reach. Pin p is SPI 32 + p.</summary>
public interface IArmInputs : IInterruptInputs
{
    /// <summary>Drives the wire of a PPI.</summary>
    /// <param name="vcpu">Id of the vCPU.</param>
    /// <param name="interruptId">16 to 31.</param>
    /// <param name="level">Of the wire.</param>
    void DrivePpi(int vcpu, int interruptId, bool level);
}
