using Trapline.Actors.Guests;
using Trapline.Actors.Statistics;
using Trapline.Actors.Vcpus;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Messages;

namespace Trapline.Actors.LoongArch;

/// <summary>Instructions that leave a guest, as the hardware itself executes them.</summary>
public sealed partial class LoongArchVcpu
{
    /// <summary>Carries out an instruction that would trap in a guest; false if it is none of those.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="completed">Whether the program counter goes on to the next one.</param>
    private bool TryExecuteOnHardware(in Instruction instruction, out bool completed)
    {
        completed = false;
        switch (instruction.Opcode)
        {
            case Opcode.CpuConfiguration:
                this[instruction.Rd] = _configuration.Native((uint)this[instruction.Rs]);
                completed = true;
                return true;
            case Opcode.MmioRead:
            case Opcode.MmioReadUnsigned:
                AccessBus(in instruction, ExitAction.MmioRead);
                return true;
            case Opcode.MmioWrite:
                AccessBus(in instruction, ExitAction.MmioWrite);
                return true;
            case Opcode.IocsrRead or Opcode.IocsrWrite or Opcode.Idle or Opcode.Hypercall when _interrupts.PrivilegeLevel != 0:
                Fault(GuestFault.Privilege, 0);
                return true;
            case Opcode.IocsrRead:
                AccessBus(in instruction, ExitAction.IocsrRead);
                return true;
            case Opcode.IocsrWrite:
                AccessBus(in instruction, ExitAction.IocsrWrite);
                return true;
            case Opcode.Idle:
                completed = Halt();
                if (!completed)
                {
                    Redirect(Pc + GuestProgram.InstructionBytes);
                }

                return true;
            case Opcode.Hypercall:
                // There is nobody to call.
                Fault(GuestFault.Undefined, 0);
                return true;
            default:
                return false;
        }
    }

    private void AccessBus(in Instruction instruction, ExitAction action)
    {
        var address = this[instruction.Rs] + (ulong)instruction.Immediate;
        var width = 1 << (int)instruction.Width;
        var target = action is ExitAction.IocsrRead or ExitAction.IocsrWrite ? _map.FindIocsr(Settings.Index, address, width) : _map.FindMmio(address, width);
        AccessHardware(action, address, width, instruction.Rd, target, NativeCost(action, address, target), unsigned: instruction.Opcode == Opcode.MmioReadUnsigned);
        Redirect(Pc + GuestProgram.InstructionBytes);
    }

    /// <summary>The CPU's own IPI registers are in the core; only what goes out to another core has a price of its own.</summary>
    private static CostKind NativeCost(ExitAction action, ulong address, ActorAddress target)
    {
        if (target.Role != ActorRole.Ipi)
        {
            return CostKind.NativeAccess;
        }

        var isSend = action == ExitAction.IocsrWrite
            && (address - IpiRegisters.Base) is IpiRegisters.IpiSend or IpiRegisters.MailSend or IpiRegisters.AnySend;
        return isSend ? CostKind.NativeIpi : CostKind.Instruction;
    }
}
