using Trapline.Actors.Guests;
using Trapline.Actors.Vcpus;
using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Cpu;
using Trapline.Messages;

namespace Trapline.Actors.Arm;

/// <summary>Instructions of the architecture, and the exceptions that they raise.</summary>
public sealed partial class ArmVcpu
{
    /// <summary>Of the instruction word of a call: by SMC, above the code of 16 bits.</summary>
    private const uint IsSecureCall = 1 << 16;

    protected override void RaiseFault(GuestFault fault, ulong badAddress)
    {
        var from = Pc;
        ref readonly var instruction = ref CurrentInstruction;
        var code = (ushort)instruction.Immediate;
        var access = IsWrite(instruction.Opcode) ? ExceptionClass.WriteNotRead : 0;
        var state = _cpu.State;
        Redirect(fault switch
        {
            GuestFault.BadFetch when from % GuestProgram.InstructionBytes != 0 => state.RaiseAddressException(ExceptionClass.ProgramCounterAlignment, 0, from, from),
            GuestFault.BadFetch => state.RaiseAddressException(ExceptionClass.InstructionAbort, ExceptionClass.ExternalAbort, from, from),
            GuestFault.Misaligned => state.RaiseAddressException(ExceptionClass.DataAbort, ExceptionClass.AlignmentFault | access, from, badAddress),
            GuestFault.BadAddress => state.RaiseAddressException(ExceptionClass.DataAbort, ExceptionClass.ExternalAbort | access, from, badAddress),
            GuestFault.SystemCall => state.RaiseException(ExceptionClass.SupervisorCall, code, from + GuestProgram.InstructionBytes),
            GuestFault.Breakpoint => state.RaiseException(ExceptionClass.Breakpoint, code, from),
            _ => state.RaiseException(ExceptionClass.Unknown, 0, from),
        });
        RefreshInterruptWanted();
        _cpu.State.TryRead(SystemRegister.EsrEl1, out var syndrome);
        NoteFault((int)(syndrome >> 26), 0, from);
    }

    protected override bool ExecuteSystem(in Instruction instruction, VirtualTime now)
    {
        switch (instruction.Opcode)
        {
            case Opcode.SystemRegisterRead:
                return ReadSystemRegister(in instruction, now);
            case Opcode.SystemRegisterWrite:
                return WriteSystemRegister(in instruction, now);
            case Opcode.ReadTime:
                this[instruction.Rd] = _cpu.Timer.VirtualCount(now);
                return true;
            case Opcode.CpuPhysicalId:
                this[instruction.Rd] = CpuAffinity.Of(_cpu.Gic.Id);
                return true;
            case Opcode.MmioRead or Opcode.MmioReadUnsigned or Opcode.MmioWrite:
                ExitForRegister(in instruction);
                return false;
            case Opcode.MaskSet or Opcode.MaskClear or Opcode.Idle or Opcode.Hypercall or Opcode.SecureCall or Opcode.ExceptionReturn when _cpu.State.ExceptionLevel != 0:
                return ExecutePrivileged(in instruction);
            default:
                Fault(GuestFault.Privilege, 0);
                return false;
        }
    }

    private static bool IsWrite(Opcode opcode) => opcode is Opcode.Store or Opcode.MmioWrite or (>= Opcode.AtomicSwap and <= Opcode.AtomicCompareSwap);

    private bool ExecutePrivileged(in Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.MaskSet:
                _cpu.State.SetMasks((int)instruction.Immediate);
                RefreshInterruptWanted();
                return true;
            case Opcode.MaskClear:
                _cpu.State.ClearMasks((int)instruction.Immediate);
                RefreshInterruptWanted();
                return true;
            case Opcode.ExceptionReturn:
                Redirect(_cpu.State.ExceptionReturn());
                RefreshInterruptWanted();
                NoteReturn();
                return false;
            case Opcode.Idle when _cpu.State.WakesIdle:
                // HCR_EL2.TWI traps where the CPU would come to rest; with an interrupt at hand it goes on.
                return true;
            case Opcode.Idle:
                ExitForSelf(ExitAction.Idle, 0, 0, 0, Costs.Hypercall);
                break;
            default:
                var word = (uint)instruction.Immediate | (instruction.Opcode == Opcode.SecureCall ? IsSecureCall : 0);
                ExitForSelf(ExitAction.Hypercall, X0, word, 0, Costs.Hypercall);
                break;
        }

        Redirect(Pc + GuestProgram.InstructionBytes);
        return false;
    }

    private bool ReadSystemRegister(in Instruction instruction, VirtualTime now)
    {
        var register = (ushort)instruction.Immediate;
        _isOwnAccess = !SystemRegister.IsTimer(register);
        var exists = _cpu.TryReadRegister(register, now, out var value);
        _isOwnAccess = false;
        if (!exists)
        {
            Fault(GuestFault.Privilege, 0);
            return false;
        }

        this[instruction.Rd] = value;
        NoteControlRegister(register, isWrite: false, value);
        NoteLines(Address);
        return true;
    }

    private bool WriteSystemRegister(in Instruction instruction, VirtualTime now)
    {
        var register = (ushort)instruction.Immediate;
        var value = this[instruction.Rd];
        var isTimer = SystemRegister.IsTimer(register);
        _isOwnAccess = !isTimer;
        var exists = _cpu.TryWriteRegister(register, value, now);
        _isOwnAccess = false;
        if (!exists)
        {
            Fault(GuestFault.Privilege, 0);
            return false;
        }

        RefreshInterruptWanted();
        NoteControlRegister(register, isWrite: true, value);
        NoteLines(Address);
        if (IccRegisters.IsSgi((IccRegister)register))
        {
            ExitForSelf(ExitAction.SystemRegister, 0, register, value, Costs.KernelAccess);
            Redirect(Pc + GuestProgram.InstructionBytes);
            return false;
        }

        if (isTimer && _heldBack)
        {
            // It has run out already: the host's timer interrupt comes at once.
            PullOutNow();
            LimitChanged();
        }

        return true;
    }

    /// <summary>An access to whoever the address map names in physical memory.</summary>
    private void ExitForRegister(in Instruction instruction)
    {
        var address = this[instruction.Rs] + (ulong)instruction.Immediate;
        var width = 1 << (int)instruction.Width;
        if (address % (ulong)width != 0)
        {
            // Device memory takes no access that is not aligned.
            Fault(GuestFault.Misaligned, address);
            return;
        }

        var target = _map.FindMmio(address, width);
        ExitForAccess(
            instruction.Opcode == Opcode.MmioWrite ? ExitAction.MmioWrite : ExitAction.MmioRead, address, width, instruction.Rd, target, _map.Enter(target),
            _map.IsInKernel(target) ? Costs.KernelAccess : Costs.UserAccess, unsigned: instruction.Opcode == Opcode.MmioReadUnsigned);
        Redirect(Pc + GuestProgram.InstructionBytes);
    }
}
