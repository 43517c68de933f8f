namespace Trapline.Devices.LoongArch.Routing;

/// <summary>What the kernel's interrupt routing leads to.</summary>
public interface IInterruptInputs
{
    /// <summary>Drives a pin of PCH-PIC.</summary>
    void DrivePin(int pin, bool level);

    /// <summary>Delivers a message: <see cref="PchMsi.PchMsi.Signal"/>.</summary>
    /// <returns>0 or a negative errno.</returns>
    int SignalMessage(uint data);
}
