using Trapline.Devices.Common;

namespace Trapline.Devices.Arm;

/// <summary>Who wants to know what <see cref="WholeGic"/> does beyond its answers.</summary>
public interface IWholeGicObserver
{
    /// <inheritdoc cref="Ownership.IGicBoardHost.CommandDone"/>
    void CommandDone(int its, uint offset, byte opcode, int result);

    /// <inheritdoc cref="Ownership.IGicBoardHost.Ended"/>
    void Ended(int interruptId);

    /// <param name="vcpu">Index of the vCPU whose half it is, or -1 for the board's.</param>
    /// <param name="report">What happened.</param>
    void Report(int vcpu, in DeviceReport report);
}
