using Trapline.Devices.Common;

namespace Trapline.Devices.Arm.Ownership;

/// <summary>The world of the GIC's half on the board.</summary>
public interface IGicBoardHost : IDeviceHost
{
    /// <summary>Gives an interrupt to a CPU interface. In the order of calls, and in order with later recalls.</summary>
    void Hand(int vcpu, in Handover handover);

    /// <summary>GICD_CTLR has changed: every CPU interface has to know before the write completes.</summary>
    /// <param name="enabledGroups">Bit 0: group 0, bit 1: group 1. KVM has one enable for both. <see cref="Cpu.GicCpu.GroupsFixed"/> where user space has chosen so.</param>
    void PublishEnable(uint enabledGroups);

    /// <summary>A level-triggered SPI was deactivated: a resample eventfd is to be signalled.</summary>
    void Ended(int interruptId);

    /// <summary>An ITS command was executed.</summary>
    /// <param name="its">Index of the ITS.</param>
    /// <param name="offset">Of the command in its queue.</param>
    /// <param name="opcode">DW0 bits 7:0.</param>
    /// <param name="result">0, an ITS error number of spec 7.3, or a negative errno. KVM computes and drops it.</param>
    void CommandDone(int its, uint offset, byte opcode, int result);
}
