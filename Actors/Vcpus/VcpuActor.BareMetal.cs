using Trapline.Actors.Devices;
using Trapline.Actors.Kernel;
using Trapline.Actors.Statistics;
using Trapline.Devices.Common;
using Trapline.Messages;

namespace Trapline.Actors.Vcpus;

/// <summary>
/// A CPU without a hypervisor: nothing is left and nobody is kicked. Registers of devices are read and written while the CPU
/// stalls, lines reach it at once, and idle is the hardware's.
/// </summary>
public abstract partial class VcpuActor
{
    /// <summary>Stalls the CPU for an access to a register in hardware.</summary>
    /// <param name="action">Read or write, and on which bus.</param>
    /// <param name="address">Bus address.</param>
    /// <param name="width">Bytes: 1, 2, 4 or 8.</param>
    /// <param name="register">Destination of a read, source of a write.</param>
    /// <param name="target">The device's actor.</param>
    /// <param name="kind">What it costs; at least an instruction.</param>
    /// <param name="unsigned">A read that is not sign-extended.</param>
    protected void AccessHardware(ExitAction action, ulong address, int width, byte register, ActorAddress target, CostKind kind, bool unsigned)
    {
        _exitStart = _next;
        _exitCost = VirtualTime.Max(Costs.Of(kind), Costs.Instruction);
        _exitKind = kind;
        _exitAction = action;
        _exitRegister = register;
        _exitAddress = address;
        _exitWidth = (byte)width;
        _exitValue = action is ExitAction.IocsrWrite or ExitAction.MmioWrite ? this[register] : 0;
        _exitUnsigned = unsigned;
        _exitTarget = target;
        _phase = VcpuPhase.AccessingDevice;
        _next = VirtualTime.Never;
        Send(target, KindOf(action), address, _exitWidth, _exitValue, (ulong)_exitStart.Picoseconds);
    }

    /// <summary>The instruction <c>idle</c>; false if the CPU sleeps.</summary>
    protected bool Halt()
    {
        if (WakesFromIdle)
        {
            return true;
        }

        _phase = VcpuPhase.Halted;
        _next = VirtualTime.Never;
        return false;
    }

    private void HardwareAnswered(in Message answer)
    {
        if (_phase != VcpuPhase.AccessingDevice || !_next.IsNever)
        {
            throw new SimulationException($"{Address} got an answer that it does not wait for at {Now}: {answer}");
        }

        // What a profile hands to user space, hardware answers itself: reads give 0, writes are ignored.
        _exitFaults = (AccessOutcome)answer.Word3 == AccessOutcome.Fault;
        if (_exitAction is ExitAction.IocsrRead or ExitAction.MmioRead && !_exitFaults)
        {
            var value = CompleteRead(_exitTarget, this[_exitRegister], answer.Word0, _exitWidth);
            this[_exitRegister] = _exitUnsigned ? Memory.GuestMemory.Truncate(value, WidthOf(_exitWidth)) : value;
        }

        // Nobody pays a device for its work; what an answer says of cost is the wait for its lock, which the answer's coming shows.
        _itemised = VirtualTime.Zero;
        ItemiseTravel(CostOf(in answer, answer.Word1).InterHostCalls);
        _next = VirtualTime.Max(Now, _exitStart + _exitCost + _itemised);
    }

    /// <summary>An access is over, or the CPU is awake: on with the next instruction.</summary>
    private void GoOn(VirtualTime now)
    {
        _phase = VcpuPhase.Running;
        _next = now;
        NotePhase();
        FaultIfRefused();
    }

    /// <summary>A line rises or falls: the CPU sees it at its next instruction.</summary>
    private void DriveLine(in Message message)
    {
        QueueLine((int)message.Word0, (message.Word1 & 1) != 0, (InterruptSource)(byte)(message.Word1 >> 8), new VirtualTime((long)message.Word2));
        ApplyQueuedLines();
        NoteLines(message.Source);
        Reconsider();
        Send(message.Source, MessageKind.LineAnswer);
    }

    private void BookNativeAccess(VirtualTime span)
    {
        if (_exitKind == CostKind.Instruction)
        {
            BookInstructions(span - _itemised);
            return;
        }

        var price = Costs.Of(_exitKind);
        Ledger.Add(_exitKind, 1, price);
        BookInstructions(_exitCost - price);
        Ledger.Add(CostKind.Waiting, 0, span - _exitCost - _itemised);
    }
}
