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
    /// <param name="interruptId">INTID, 32 to 1019.</param>
    /// <param name="isDirect">True by DIR. False by EOIR, which deactivates only an interrupt of the group and the priority that it dropped.</param>
    /// <param name="group">Of EOIR: 0 or 1.</param>
    /// <param name="droppedPriority">Of EOIR: the group priority that was dropped; the board compares it with the interrupt's own under <paramref name="groupMask"/>.</param>
    /// <param name="groupMask">Of EOIR: which bits are the group priority.</param>
    void Deactivate(int interruptId, bool isDirect, int group, byte droppedPriority, byte groupMask);

    /// <summary>A level-triggered SPI that this CPU interface holds was deactivated, whether or not it is pending again.</summary>
    void Ended(int interruptId);
}
