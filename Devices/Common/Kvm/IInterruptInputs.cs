namespace Trapline.Devices.Common.Kvm;

/// <summary>What the kernel's interrupt routing leads to.</summary>
public interface IInterruptInputs
{
    /// <summary>Drives a pin of the interrupt controller that GSIs lead to.</summary>
    void DrivePin(int pin, bool level);

    /// <summary>Delivers a message.</summary>
    /// <returns>What KVM_SIGNAL_MSI says, as far as it is known at once: a negative errno where the message goes nowhere.</returns>
    int SignalMessage(in KvmMessage message);
}
