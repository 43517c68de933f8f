namespace Trapline.Actors.Guests;

/// <summary>
/// What an assembled instruction does. <c>rd</c>, <c>rs</c>, <c>rt</c> are register numbers; where
/// <see cref="Instruction.UsesImmediate"/> is set the second operand is <c>imm</c> instead of <c>rt</c>.
/// Addresses are <c>rs + imm</c>. Branch and call targets are absolute addresses in <c>imm</c>.
/// </summary>
public enum Opcode : byte
{
    // --- arithmetic: rd = rs op (rt | imm), 64 bits, wrapping
    /// <summary>No such instruction: executing it is the fault "instruction non-existent". What an address without code holds.</summary>
    Undefined = 0,
    Nop,
    Add,
    Subtract,
    Multiply,

    /// <summary>Upper 64 bits of the unsigned product.</summary>
    MultiplyHighUnsigned,

    /// <summary>Signed; division by zero gives 0 and the remainder is the dividend (LoongArch leaves both undefined; a simulator must not).</summary>
    Divide,
    DivideUnsigned,
    Remainder,
    RemainderUnsigned,
    And,
    Or,
    Xor,
    Nor,

    /// <summary>rd = rs &amp; ~operand.</summary>
    AndNot,

    /// <summary>Shifts and the rotation take their amount modulo 64.</summary>
    ShiftLeft,
    ShiftRightLogical,
    ShiftRightArithmetic,
    RotateRight,

    /// <summary>rd = rs &lt; operand ? 1 : 0, signed.</summary>
    SetLess,
    SetLessUnsigned,

    /// <summary>rd = rs extended from Width, signed or not.</summary>
    SignExtend,
    ZeroExtend,

    /// <summary>64 for zero.</summary>
    CountTrailingZeros,
    CountLeadingZeros,
    PopulationCount,

    /// <summary>rd = imm.</summary>
    LoadImmediate,

    /// <summary>rd = address of offset imm in the per-CPU area of CPU index rs, or of the own CPU where <see cref="Instruction.UsesImmediate"/> is set.</summary>
    PerCpuAddress,

    // --- control flow
    /// <summary>Branches compare rs with rt.</summary>
    BranchEqual,
    BranchNotEqual,
    BranchLess,
    BranchGreaterEqual,
    BranchLessUnsigned,
    BranchGreaterEqualUnsigned,
    Jump,

    /// <summary>pc = rs + imm.</summary>
    JumpRegister,

    /// <summary>rd = pc + 4, then jump to imm (rd is ra unless written otherwise).</summary>
    Call,

    /// <summary>rd = pc + 4, then pc = rs + imm.</summary>
    CallRegister,

    // --- memory: address rs + imm
    Load,
    LoadUnsigned,

    /// <summary>Stores rd.</summary>
    Store,

    /// <summary>Atomics: rd = old value (sign-extended), memory = old op rt. Word or Double.</summary>
    AtomicSwap,
    AtomicAdd,
    AtomicAnd,
    AtomicOr,
    AtomicXor,

    /// <summary>If memory equals rd it becomes rt; rd = old value.</summary>
    AtomicCompareSwap,
    Fence,

    /// <summary>Loads rd from memory; while the value equals rt (compared in Width), waits for it to change. Interruptible: the instruction is then restarted.</summary>
    Wait,

    // --- buses and processor registers: address rs + imm
    IocsrRead,

    /// <summary>Writes rd.</summary>
    IocsrWrite,
    MmioRead,
    MmioReadUnsigned,
    MmioWrite,

    /// <summary>CSR number in imm.</summary>
    CsrRead,

    /// <summary>CSR = rd, rd = old value (as csrwr).</summary>
    CsrWrite,

    /// <summary>CSR bits in rs = those of rd, rd = old value (as csrxchg).</summary>
    CsrExchange,

    /// <summary>rd = configuration word rs.</summary>
    CpuConfiguration,

    /// <summary>rd = stable counter.</summary>
    ReadTime,

    /// <summary>rd = index of this CPU in its machine.</summary>
    CpuIndex,

    /// <summary>rd = number of CPUs.</summary>
    CpuCount,

    /// <summary>rd = physical id of this CPU.</summary>
    CpuPhysicalId,

    // --- system
    /// <summary>Code in imm.</summary>
    Hypercall,
    Idle,

    /// <summary>Return from interrupt or fault.</summary>
    ExceptionReturn,

    /// <summary>Code in imm.</summary>
    SystemCall,
    Break,

    // --- of the simulator
    /// <summary>Spends a time: imm ps where <see cref="Instruction.UsesImmediate"/> is set, else rs ns. Interruptible; the remainder is kept.</summary>
    Work,

    /// <summary>rd = uniform below operand.</summary>
    Random,

    /// <summary>The run fails unless rs cmp operand; comparison in rd as <see cref="Comparison"/>, imm2 the message's index.</summary>
    Assert,

    /// <summary>Records name (imm2) with the value of the operand and the time.</summary>
    Mark,

    /// <summary>Adds the operand to the counter named by imm2.</summary>
    Count,

    /// <summary>Ends the run; the operand is the guest's exit code.</summary>
    Exit,

    // --- ARM: the register's encoding in imm, op0 to op2 from bit 15 down
    /// <summary>rd = system register (mrs).</summary>
    SystemRegisterRead,

    /// <summary>System register = rd (msr).</summary>
    SystemRegisterWrite,

    /// <summary>Sets the mask bits of PSTATE that imm has set: D, A, I, F from bit 3 down (msr daifset).</summary>
    MaskSet,

    /// <summary>Clears them (msr daifclr).</summary>
    MaskClear,

    /// <summary>Code in imm (smc).</summary>
    SecureCall,
}
