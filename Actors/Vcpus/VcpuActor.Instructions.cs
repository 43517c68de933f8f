using System.Numerics;
using System.Runtime.CompilerServices;
using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Actors.Memory;
using Trapline.Messages;

namespace Trapline.Actors.Vcpus;

/// <summary>The instruction loop: an instruction acts at its start, its cost follows.</summary>
public abstract partial class VcpuActor
{
    private static readonly Instruction NoCode = new() { Opcode = Opcode.Undefined };

    /// <summary>ps. As good as for ever, and far from an overflow.</summary>
    private const ulong LongestWork = long.MaxValue / 4;

    private VirtualTime _workEnd;
    private ulong _workDraws;

    /// <summary>Where the program was left for a handler last.</summary>
    private ulong _leftAt;

    /// <summary>Set by an instruction that sent a message without delay, or armed a timer: the group must look before time goes on.</summary>
    private bool _yield;

    /// <summary>
    /// Runs instructions that start before the limit. Leaves when one ends the phase (a trap, a stall, sleep), when it
    /// has sent something, or when a kick takes effect.
    /// </summary>
    private void Execute(VirtualTime now, VirtualTime limit)
    {
        var cost = Costs.Instruction;
        var group = Group;
        var trace = Trace;
        _yield = false;
        do
        {
            // The group's clock goes with the instructions: what they send is stamped with it, and so is the end of a run.
            group.Advance(now);
            if (now >= _kickAt)
            {
                PullOut(now);
                return;
            }

            if (InterruptWanted)
            {
                _leftAt = _pc;
                TakeInterrupt(now);
                now += cost;
                continue;
            }

            trace?.Instruction(now, Address, _pc);
            ref readonly var instruction = ref Fetch();
            _next = now;
            var completed = Execute(in instruction, now);
            if (_phase != VcpuPhase.Running)
            {
                return;
            }

            // An instruction that faulted has redirected pc already, one that branched likewise.
            if (completed)
            {
                _pc += GuestProgram.InstructionBytes;
            }

            now += cost;
        }
        while (now < limit && !_yield);

        _next = now;
    }

    /// <summary>
    /// Enters the fault handler. A fault at the very address that its handler starts at means that there is no handler: the
    /// CPU faults there for ever, as a real one would, and the report says where it came from.
    /// </summary>
    protected void Fault(GuestFault fault, ulong badAddress)
    {
        var from = _pc;
        RaiseFault(fault, badAddress);
        if (_pc == from)
        {
            Statistics.NoteLost(_leftAt, _pc);
        }
        else
        {
            _leftAt = from;
        }
    }

    private ref readonly Instruction Fetch()
    {
        var index = (_pc - _textBase) / GuestProgram.InstructionBytes;
        var instructions = _program.Instructions;
        if (index < (ulong)instructions.Length && (_pc & (GuestProgram.InstructionBytes - 1)) == 0)
        {
            return ref instructions[index];
        }

        return ref NoCode;
    }

    /// <summary>True if pc goes on to the next instruction.</summary>
    private bool Execute(in Instruction instruction, VirtualTime now)
    {
        var opcode = instruction.Opcode;
        if (opcode is > Opcode.Undefined and <= Opcode.PerCpuAddress)
        {
            this[instruction.Rd] = Compute(in instruction);
            return true;
        }

        return opcode switch
        {
            <= Opcode.CallRegister => Branch(in instruction),
            <= Opcode.Wait => ExecuteMemory(in instruction, now),
            <= Opcode.CpuConfiguration => ExecuteSystem(in instruction, now),
            Opcode.ReadTime or Opcode.CpuPhysicalId or Opcode.Hypercall or Opcode.Idle or Opcode.ExceptionReturn => ExecuteSystem(in instruction, now),
            >= Opcode.SystemRegisterRead => ExecuteSystem(in instruction, now),
            _ => ExecuteOwn(in instruction, now),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Operand(in Instruction instruction) =>
        instruction.UsesImmediate ? (ulong)instruction.Immediate : _registers[instruction.Rt];

    private ulong Compute(in Instruction instruction)
    {
        var left = _registers[instruction.Rs];
        var right = Operand(in instruction);
        return instruction.Opcode switch
        {
            Opcode.Add => left + right,
            Opcode.Subtract => left - right,
            Opcode.Multiply => left * right,
            Opcode.MultiplyHighUnsigned => Math.BigMul(left, right, out _),
            Opcode.Divide => Divide(left, right).Quotient,
            Opcode.DivideUnsigned => right == 0 ? 0 : left / right,
            Opcode.Remainder => Divide(left, right).Remainder,
            Opcode.RemainderUnsigned => right == 0 ? left : left % right,
            Opcode.And => left & right,
            Opcode.Or => left | right,
            Opcode.Xor => left ^ right,
            Opcode.Nor => ~(left | right),
            Opcode.AndNot => left & ~right,
            Opcode.ShiftLeft => left << (int)(right & 63),
            Opcode.ShiftRightLogical => left >> (int)(right & 63),
            Opcode.ShiftRightArithmetic => (ulong)((long)left >> (int)(right & 63)),
            Opcode.RotateRight => BitOperations.RotateRight(left, (int)(right & 63)),
            Opcode.SetLess => (long)left < (long)right ? 1UL : 0,
            Opcode.SetLessUnsigned => left < right ? 1UL : 0,
            Opcode.SignExtend => SignExtend(left, instruction.Width),
            Opcode.ZeroExtend => GuestMemory.Truncate(left, instruction.Width),
            Opcode.CountTrailingZeros => (ulong)BitOperations.TrailingZeroCount(left),
            Opcode.CountLeadingZeros => (ulong)BitOperations.LeadingZeroCount(left),
            Opcode.PopulationCount => (ulong)BitOperations.PopCount(left),
            Opcode.LoadImmediate => (ulong)instruction.Immediate,
            Opcode.PerCpuAddress => PerCpuAddress(in instruction, left),
            _ => 0,
        };
    }

    private ulong PerCpuAddress(in Instruction instruction, ulong cpu) =>
        _layout.PerCpuBase + ((instruction.UsesImmediate ? (ulong)Settings.Index : cpu) * GuestLayout.PerCpuStride)
        + (ulong)instruction.Immediate;

    private static (ulong Quotient, ulong Remainder) Divide(ulong left, ulong right)
    {
        // The one overflow, least number by -1, wraps as it does in hardware; .NET would throw.
        if (right == 0)
        {
            return (0, left);
        }

        return right == ulong.MaxValue
            ? (0 - left, 0)
            : ((ulong)((long)left / (long)right), (ulong)((long)left % (long)right));
    }

    private bool Branch(in Instruction instruction)
    {
        var left = _registers[instruction.Rs];
        var right = _registers[instruction.Rt];
        switch (instruction.Opcode)
        {
            case Opcode.Undefined:
                var fetchable = (_pc & (GuestProgram.InstructionBytes - 1)) == 0 && _layout.IsMemory(_pc);
                Fault(fetchable ? GuestFault.Undefined : GuestFault.BadFetch, _pc);
                return false;
            case Opcode.BranchEqual when left != right:
            case Opcode.BranchNotEqual when left == right:
            case Opcode.BranchLess when (long)left >= (long)right:
            case Opcode.BranchGreaterEqual when (long)left < (long)right:
            case Opcode.BranchLessUnsigned when left >= right:
            case Opcode.BranchGreaterEqualUnsigned when left < right:
                return true;
            case Opcode.JumpRegister:
                _pc = left + (ulong)instruction.Immediate;
                return false;
            case Opcode.Call:
                this[instruction.Rd] = _pc + GuestProgram.InstructionBytes;
                _pc = (ulong)instruction.Immediate;
                return false;
            case Opcode.CallRegister:
                this[instruction.Rd] = _pc + GuestProgram.InstructionBytes;
                _pc = left + (ulong)instruction.Immediate;
                return false;
            default:
                _pc = (ulong)instruction.Immediate;
                return false;
        }
    }

    private bool ExecuteMemory(in Instruction instruction, VirtualTime now)
    {
        if (instruction.Opcode == Opcode.Fence)
        {
            // Memory is sequentially consistent: a fence costs its time and nothing else.
            return true;
        }

        return AccessMemory(in instruction, OperationOf(instruction.Opcode), now);
    }

    private static MemoryOperation OperationOf(Opcode opcode) => opcode switch
    {
        Opcode.Store => MemoryOperation.Write,
        Opcode.AtomicSwap => MemoryOperation.Swap,
        Opcode.AtomicAdd => MemoryOperation.Add,
        Opcode.AtomicAnd => MemoryOperation.And,
        Opcode.AtomicOr => MemoryOperation.Or,
        Opcode.AtomicXor => MemoryOperation.Xor,
        Opcode.AtomicCompareSwap => MemoryOperation.CompareSwap,
        _ => MemoryOperation.Read,
    };

    /// <summary>Instructions that no architecture changes, most of them the simulator's own.</summary>
    private bool ExecuteOwn(in Instruction instruction, VirtualTime now)
    {
        switch (instruction.Opcode)
        {
            case Opcode.CpuIndex:
                this[instruction.Rd] = (ulong)Settings.Index;
                return true;
            case Opcode.CpuCount:
                this[instruction.Rd] = (ulong)Settings.Count;
                return true;
            case Opcode.SystemCall:
                Fault(GuestFault.SystemCall, 0);
                return false;
            case Opcode.Break:
                Fault(GuestFault.Breakpoint, 0);
                return false;
            case Opcode.Work:
                return StartWork(in instruction, now);
            case Opcode.Random:
                Group.NoteDraw();
                this[instruction.Rd] = CounterRandom.DrawBelow(Operand(in instruction), Settings.Seed, DrawsAs, RandomPurpose.Guest, _draws++);
                return true;
            case Opcode.Assert:
                return Assert(in instruction);
            case Opcode.Mark:
                Statistics.Mark(instruction.Text, now, Operand(in instruction));
                MarkSection(instruction.Text, now, Operand(in instruction));
                NoteMark(instruction.Text, Operand(in instruction));
                return true;
            case Opcode.Count:
                Statistics.Count(instruction.Text, (long)Operand(in instruction));
                return true;
            case Opcode.Exit:
                Stop(EndReason.Exit, Operand(in instruction), $"{Address} executed exit {(long)Operand(in instruction)} at {Where()}");
                return false;
            default:
                Fault(GuestFault.Undefined, _pc);
                return false;
        }
    }

    private bool StartWork(in Instruction instruction, VirtualTime now)
    {
        var isNew = WorkRemaining == 0;
        if (isNew)
        {
            // An amount from a register is in nanoseconds; beyond the end of time it is as good as for ever.
            WorkRemaining = instruction.Text != 0
                ? NamedWork(instruction.Text)
                : instruction.UsesImmediate
                ? (ulong)instruction.Immediate
                : Math.Min(_registers[instruction.Rs], LongestWork / VirtualTime.PerNanosecond) * VirtualTime.PerNanosecond;
            WorkRemaining = (ulong)Perturbed(new VirtualTime((long)WorkRemaining), Perturbation.Work, RandomPurpose.Work, ref _workDraws).Picoseconds;
        }

        NoteWork(instruction.Text, isNew);
        if (WorkRemaining == 0)
        {
            return true;
        }

        // A handler can put any number into WORK; one beyond the end of time must not become a span into the past.
        WorkRemaining = Math.Min(WorkRemaining, LongestWork);

        _workEnd = now + new VirtualTime((long)WorkRemaining);
        _phase = VcpuPhase.Working;
        _next = VirtualTime.Min(_workEnd, _kickAt);
        return false;
    }

    private void StepWork(VirtualTime now)
    {
        if (now >= _kickAt && now < _workEnd)
        {
            PullOut(now);
            return;
        }

        SuspendWork(now);
        _phase = VcpuPhase.Running;
        _next = now;
    }

    /// <summary>
    /// Keeps the rest; the instruction is restarted with it. Nothing left means that it is over: restarted, it would
    /// begin anew.
    /// </summary>
    private void SuspendWork(VirtualTime now)
    {
        WorkRemaining = (ulong)(_workEnd - now).Picoseconds;
        if (WorkRemaining == 0)
        {
            _pc += GuestProgram.InstructionBytes;
        }
    }

    private bool Assert(in Instruction instruction)
    {
        var left = _registers[instruction.Rs];
        var right = Operand(in instruction);
        var holds = (Comparison)instruction.Rd switch
        {
            Comparison.Equal => left == right,
            Comparison.NotEqual => left != right,
            Comparison.Less => (long)left < (long)right,
            Comparison.LessOrEqual => (long)left <= (long)right,
            Comparison.Greater => (long)left > (long)right,
            Comparison.GreaterOrEqual => (long)left >= (long)right,
            Comparison.LessUnsigned => left < right,
            _ => left >= right,
        };
        if (holds)
        {
            return true;
        }

        var text = _program.Assertions[instruction.Text];
        Stop(EndReason.Assertion, 1, $"{Address}: assertion failed at {Where()}: {(text.Length > 0 ? text : Location().Text)} (left 0x{left:x}, right 0x{right:x})");
        return false;
    }

    /// <summary>The guest ends the run, by other means than the instruction <c>exit</c>.</summary>
    protected void End(ulong code, string what) => Stop(EndReason.Exit, code, $"{Address} {what}");

    private void Stop(EndReason reason, ulong code, string detail)
    {
        _phase = VcpuPhase.Stopped;
        _next = VirtualTime.Never;
        _hasEnded = IsMigratable;
        if (_stopWanted)
        {
            _stopWanted = false;
            Send(_stopper, MessageKind.RunStopped);
        }

        Group.RequestEnd(Address, reason, code, detail);
    }

    private SourceLocation Location() => _program.Locations[(int)((_pc - _textBase) / GuestProgram.InstructionBytes)];

    private string Where()
    {
        var location = Location();
        return $"{_program.Files[location.File]}:{location.Line}";
    }
}
