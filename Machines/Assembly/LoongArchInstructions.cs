using Trapline.Actors.Guests;
using static Trapline.Machines.Assembly.CommonInstructions;

namespace Trapline.Machines.Assembly;

/// <summary>What a guest for LoongArch has beside the common instructions.</summary>
internal static class LoongArchInstructions
{
    private const string Registers = "iocsr.read, iocsr.write and csr.read, csr.write";

    /// <summary>What a word of another architecture is called here.</summary>
    public static readonly ForeignWord[] Foreign =
    [
        new("msr", "x86", Registers), new("sysreg", "ARM", Registers), new("daif", "ARM", "csr.xchg"), new("wfi", "ARM", "idle"), new("eret", "ARM", "ertn"),
        new("svc", "ARM", "syscall"), new("brk", "ARM", "break"), new("hvc", "ARM", "hypercall"), new("smc", "ARM", "hypercall"),
        new("isb", "ARM", "fence"), new("dsb", "ARM", "fence"),
    ];

    public static IEnumerable<InstructionForm> All() =>
    [
        .. Buses(),
        Form("csr.read rd, CSR", Opcode.CsrRead, OperandSlot.Rd, OperandSlot.Csr),
        Form("csr.write rd, CSR", Opcode.CsrWrite, OperandSlot.Rd, OperandSlot.Csr),
        Form("csr.xchg rd, rs, CSR", Opcode.CsrExchange, OperandSlot.Rd, OperandSlot.Rs, OperandSlot.Csr),
        Form("cpucfg rd, rs", Opcode.CpuConfiguration, OperandSlot.Rd, OperandSlot.Rs),
        Form("hypercall code", Opcode.Hypercall, OperandSlot.Code),
        Form("syscall code", Opcode.SystemCall, OperandSlot.Code),
        Form("break code", Opcode.Break, OperandSlot.Code),
        Form("idle", Opcode.Idle),
        Form("ertn", Opcode.ExceptionReturn),
    ];

    private static IEnumerable<InstructionForm> Buses()
    {
        foreach (var (suffix, width) in Widths)
        {
            yield return Form($"iocsr.read.{suffix} rd, [address]", Opcode.IocsrRead, width, OperandSlot.Rd, OperandSlot.Address);
            yield return Form($"iocsr.write.{suffix} rd, [address]", Opcode.IocsrWrite, width, OperandSlot.Rd, OperandSlot.Address);
        }
    }
}
