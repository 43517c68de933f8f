using System.Numerics;
using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Actors.Memory;
using Trapline.Actors.Statistics;
using Trapline.Devices.Common;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Vcpus;

/// <summary>Loads, stores, atomics and waiting: at once on the group's own pages, by a call to the home of others.</summary>
public abstract partial class VcpuActor
{
    private VirtualTime _accessStart;
    private ulong _accessValue;
    private ulong _watchNumber;

    /// <summary>Carries out a memory instruction; false if it faulted or did not complete at once.</summary>
    private bool AccessMemory(in Instruction instruction, MemoryOperation operation, VirtualTime now)
    {
        var address = _registers[instruction.Rs] + (ulong)instruction.Immediate;
        if (!CheckAddress(address, instruction.Width, out var home))
        {
            return false;
        }

        var operand = operation == MemoryOperation.Write ? _registers[instruction.Rd] : _registers[instruction.Rt];
        var comparand = _registers[instruction.Rd];
        if (home == Settings.Index)
        {
            var value = _memory.Access(operation, address, instruction.Width, operand, comparand);
            if (operation != MemoryOperation.Read && _memoryHome.HasWatches)
            {
                _memoryHome.Changed(address);
                _yield = true;
            }

            return instruction.Opcode == Opcode.Wait ? FinishWait(in instruction, value, now) : FinishAccess(in instruction, value);
        }

        _accessStart = now;
        _phase = VcpuPhase.AwaitingMemory;
        _next = VirtualTime.Never;
        Send(HomeAddress(home), MessageKind.MemoryAccess, address, MemoryActor.Encode(operation, instruction.Width), operand, comparand);
        return false;
    }

    /// <summary>An access of the host to a page of this vCPU's own area. Who waits for the word is told.</summary>
    protected ulong AccessOwnMemory(MemoryOperation operation, ulong address, int bytes, ulong operand)
    {
        var value = _memory.Access(operation, address, WidthOf(bytes), operand, 0);
        if (operation != MemoryOperation.Read && _memoryHome.HasWatches)
        {
            _memoryHome.Changed(address);
        }

        return value;
    }

    private bool CheckAddress(ulong address, AccessWidth width, out int home)
    {
        home = 0;
        if ((address & ((1UL << (int)width) - 1)) != 0)
        {
            Fault(GuestFault.Misaligned, address);
            return false;
        }

        if (!_layout.TryFindHome(address, Settings.Count, out home))
        {
            Fault(GuestFault.BadAddress, address);
            return false;
        }

        return true;
    }

    private ActorAddress HomeAddress(int home) =>
        new(Settings.Machine, ActorRole.Memory, home == GuestLayout.Board ? Settings.Count : home);

    private void MemoryAnswered(in Message answer)
    {
        if (_phase != VcpuPhase.AwaitingMemory)
        {
            throw new SimulationException($"{Address} got a memory answer that it does not wait for at {Now}: {answer}");
        }

        _accessValue = answer.Word0;
        _phase = VcpuPhase.FinishingMemory;
        var travel = CostOf(in answer);
        Ledger.Add(CostKind.InterHostTravel, travel.InterHostCalls, travel.Time);

        // As if it had begun later, by what the way to another host and back takes longer: the rest is the cost.
        _accessStart += travel.Time;
        _next = VirtualTime.Max(Now, _accessStart + Costs.RemoteMemory);
    }

    /// <summary>The cost of a remote access is over: its result reaches the register.</summary>
    private void FinishMemory(VirtualTime now)
    {
        ref readonly var instruction = ref Fetch();
        _phase = VcpuPhase.Running;
        if (instruction.Opcode == Opcode.Wait)
        {
            if (!FinishWait(in instruction, _accessValue, now))
            {
                return;
            }
        }
        else
        {
            FinishAccess(in instruction, _accessValue);
        }

        _pc += GuestProgram.InstructionBytes;
        _next = now;
    }

    private bool FinishAccess(in Instruction instruction, ulong value)
    {
        if (instruction.Opcode != Opcode.Store)
        {
            this[instruction.Rd] = instruction.Opcode == Opcode.LoadUnsigned ? value : SignExtend(value, instruction.Width);
        }

        return true;
    }

    /// <summary>
    /// A <c>wait</c> has read its word: news ends it; otherwise the home is asked to tell of a change, and until then
    /// nothing is sent. The instruction is restarted by the news, or after an interrupt.
    /// </summary>
    private bool FinishWait(in Instruction instruction, ulong value, VirtualTime now)
    {
        var expected = GuestMemory.Truncate(_registers[instruction.Rt], instruction.Width);
        if (value != expected)
        {
            this[instruction.Rd] = SignExtend(value, instruction.Width);
            return true;
        }

        if (InterruptWanted)
        {
            // It came while the word was on its way. Asleep here it would never be taken.
            _next = now;
            return false;
        }

        var address = _registers[instruction.Rs] + (ulong)instruction.Immediate;
        _layout.TryFindHome(address, Settings.Count, out var home);
        _phase = VcpuPhase.Spinning;
        _next = _kickAt.IsNever ? VirtualTime.Never : VirtualTime.Max(now, _kickAt);
        _watchNumber++;
        Send(HomeAddress(home), MessageKind.MemoryWatch, address, (ulong)instruction.Width, expected, _watchNumber);
        return false;
    }

    private void MemoryChanged(in Message message)
    {
        // An older number belongs to a wait that was interrupted: it is restarted and asks again.
        if (_phase == VcpuPhase.Spinning && message.Word0 == _watchNumber)
        {
            _phase = VcpuPhase.Running;
            _next = Now;
        }
    }

    private static ulong SignExtend(ulong value, AccessWidth width) => BusValue.SignExtend(value, 1 << (int)width);

    private static AccessWidth WidthOf(int bytes) => (AccessWidth)BitOperations.TrailingZeroCount(bytes);

    private void SyncMemory(StateSync sync)
    {
        sync.Row("accessStart", ref _accessStart);
        sync.Row("accessValue", ref _accessValue);
        sync.Row("watchNumber", ref _watchNumber);
    }
}
