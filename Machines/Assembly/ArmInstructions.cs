using Trapline.Actors.Guests;
using static Trapline.Machines.Assembly.CommonInstructions;

namespace Trapline.Machines.Assembly;

/// <summary>What a guest for ARM has beside the common instructions.</summary>
internal static class ArmInstructions
{
    private const string Registers = "sysreg.read and sysreg.write";

    /// <summary>What a word of another architecture is called here.</summary>
    public static readonly ForeignWord[] Foreign =
    [
        new("msr", "x86", Registers), new("csr", "LoongArch", Registers), new("iocsr", "LoongArch", $"{Registers}, mmio.read and mmio.write"),
        new("cpucfg", "LoongArch", "sysreg.read"), new("hypercall", "LoongArch", "hvc and smc"), new("idle", "LoongArch", "wfi"),
        new("ertn", "LoongArch", "eret"), new("syscall", "LoongArch", "svc"), new("break", "LoongArch", "brk"),
    ];

    public static IEnumerable<InstructionForm> All() =>
    [
        Form("sysreg.read rd, REGISTER", Opcode.SystemRegisterRead, OperandSlot.Rd, OperandSlot.SystemRegister),
        Form("sysreg.write rd, REGISTER", Opcode.SystemRegisterWrite, OperandSlot.Rd, OperandSlot.SystemRegister),
        Form("daif.set bits", Opcode.MaskSet, OperandSlot.MaskBits),
        Form("daif.clear bits", Opcode.MaskClear, OperandSlot.MaskBits),
        Form("hvc code", Opcode.Hypercall, OperandSlot.LongCode),
        Form("smc code", Opcode.SecureCall, OperandSlot.LongCode),
        Form("svc code", Opcode.SystemCall, OperandSlot.LongCode),
        Form("brk code", Opcode.Break, OperandSlot.LongCode),
        Form("wfi", Opcode.Idle),
        Form("eret", Opcode.ExceptionReturn),
        Form("isb", Opcode.Fence),
        Form("dsb", Opcode.Fence),
    ];
}
