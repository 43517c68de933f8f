using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Common;
using Trapline.Messages;

namespace Trapline.Devices.Arm;

/// <content>The worlds of the two halves: one another.</content>
public sealed partial class WholeGic
{
    private sealed class BoardHost(WholeGic whole) : IGicBoardHost
    {
        public bool Listening => whole._observer is not null;

        public void Hand(int vcpu, in Handover handover) => whole._cpus[vcpu].Take(handover);

        public void PublishEnable(uint enabledGroups)
        {
            foreach (var cpu in whole._cpus)
            {
                cpu.SetDistributorEnable(enabledGroups);
            }
        }

        public void Ended(int interruptId) => whole._observer?.Ended(interruptId);

        public void CommandDone(int its, uint offset, byte opcode, int result) => whole._observer?.CommandDone(its, offset, opcode, result);

        public void Report(in DeviceReport report) => whole._observer?.Report(-1, report);

        public void DrivePin(int pin, bool level) => throw new InvalidOperationException($"the board's half has no pin {pin} to drive {level}");

        public void ArmTimer(int timer, VirtualTime due) => throw new InvalidOperationException($"the board's half has no timer {timer}");

        public void CancelTimer(int timer) => throw new InvalidOperationException($"the board's half has no timer {timer}");
    }

    /// <summary>What a CPU's half says to the board waits until the board has time; its lines are asked for.</summary>
    private sealed class CpuHost(WholeGic whole, int vcpu) : IGicCpuHost
    {
        public bool Listening => whole._observer is not null;

        public void Release(int interruptId, uint sequence) => whole._waiting.Enqueue(GicOperation.Release(vcpu, interruptId, sequence));

        public void Deactivate(in Deactivation deactivation) => whole._waiting.Enqueue(GicOperation.Deactivate(vcpu, in deactivation));

        public void Ended(int interruptId) => whole._observer?.Ended(interruptId);

        public void Report(in DeviceReport report) => whole._observer?.Report(vcpu, report);

        public void DrivePin(int pin, bool level)
        {
        }

        public void ArmTimer(int timer, VirtualTime due) => throw new InvalidOperationException($"a CPU's half has no timer {timer}");

        public void CancelTimer(int timer) => throw new InvalidOperationException($"a CPU's half has no timer {timer}");
    }
}
