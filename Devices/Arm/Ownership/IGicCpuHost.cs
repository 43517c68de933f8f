using Trapline.Devices.Common;

namespace Trapline.Devices.Arm.Ownership;

/// <summary>The world of the GIC's half in a vCPU. Its pins are the CPU's inputs: 0 is IRQ, 1 is FIQ.</summary>
public interface IGicCpuHost : IDeviceHost
{
    /// <summary>The CPU interface lets go of an SPI or LPI: neither pending nor active any more.</summary>
    /// <param name="interruptId">INTID.</param>
    /// <param name="sequence">Of the last <see cref="Handover"/> that it got.</param>
    void Release(int interruptId, uint sequence);

    /// <summary>An SPI that this CPU interface does not hold is deactivated by it: it was recalled meanwhile, or is active on another CPU (DIR).</summary>
    /// <param name="deactivation">Which, and how.</param>
    void Deactivate(in Deactivation deactivation);

    /// <summary>A level-triggered SPI that this CPU interface holds was deactivated, whether or not it is pending again.</summary>
    void Ended(int interruptId);
}
