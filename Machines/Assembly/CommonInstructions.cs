using Trapline.Actors.Guests;

namespace Trapline.Machines.Assembly;

/// <summary>Instructions that guests of every architecture have, and the parts that tables are made of.</summary>
internal static class CommonInstructions
{
    public static readonly (string Suffix, AccessWidth Width)[] Widths =
    [
        ("b", AccessWidth.Byte), ("h", AccessWidth.Half), ("w", AccessWidth.Word), ("d", AccessWidth.Double),
    ];

    /// <summary>All of them.</summary>
    /// <param name="architecture">Says where a call puts its return address.</param>
    public static IEnumerable<InstructionForm> All(GuestArchitecture architecture) =>
        [.. Arithmetic(), .. Values(), .. ControlFlow(architecture.LinkRegister), .. Memory(), .. Buses(), .. Processor(), .. Simulator()];

    public static InstructionForm Form(string usage, Opcode opcode, params OperandSlot[] slots) =>
        new(usage, new() { Opcode = opcode }, slots);

    public static InstructionForm Form(string usage, Opcode opcode, AccessWidth width, params OperandSlot[] slots) =>
        new(usage, new() { Opcode = opcode, Width = width }, slots);

    private static IEnumerable<InstructionForm> Arithmetic()
    {
        (string, Opcode)[] operations =
        [
            ("add", Opcode.Add), ("sub", Opcode.Subtract), ("mul", Opcode.Multiply), ("mulhu", Opcode.MultiplyHighUnsigned),
            ("div", Opcode.Divide), ("divu", Opcode.DivideUnsigned), ("rem", Opcode.Remainder), ("remu", Opcode.RemainderUnsigned),
            ("and", Opcode.And), ("or", Opcode.Or), ("xor", Opcode.Xor), ("nor", Opcode.Nor), ("andn", Opcode.AndNot),
            ("sll", Opcode.ShiftLeft), ("srl", Opcode.ShiftRightLogical), ("sra", Opcode.ShiftRightArithmetic), ("rotr", Opcode.RotateRight),
            ("slt", Opcode.SetLess), ("sltu", Opcode.SetLessUnsigned),
        ];
        foreach (var (mnemonic, opcode) in operations)
        {
            yield return Form($"{mnemonic} rd, rs, rt|expression", opcode, OperandSlot.Rd, OperandSlot.Rs, OperandSlot.RtOrImmediate);
        }
    }

    private static IEnumerable<InstructionForm> Values()
    {
        foreach (var (suffix, width) in Widths[..3])
        {
            yield return Form($"sext.{suffix} rd, rs", Opcode.SignExtend, width, OperandSlot.Rd, OperandSlot.Rs);
            yield return Form($"zext.{suffix} rd, rs", Opcode.ZeroExtend, width, OperandSlot.Rd, OperandSlot.Rs);
        }

        yield return Form("ctz rd, rs", Opcode.CountTrailingZeros, OperandSlot.Rd, OperandSlot.Rs);
        yield return Form("clz rd, rs", Opcode.CountLeadingZeros, OperandSlot.Rd, OperandSlot.Rs);
        yield return Form("popcnt rd, rs", Opcode.PopulationCount, OperandSlot.Rd, OperandSlot.Rs);
        yield return Form("li rd, expression", Opcode.LoadImmediate, OperandSlot.Rd, OperandSlot.Immediate);
        yield return Form("la rd, symbol", Opcode.LoadImmediate, OperandSlot.Rd, OperandSlot.AbsoluteAddress);
        yield return new(
            "la.percpu rd, symbol[, rs]",
            new() { Opcode = Opcode.PerCpuAddress, UsesImmediate = true },
            [OperandSlot.Rd, OperandSlot.PerCpuOffset, OperandSlot.CpuIndex],
            Optional: 1);
        yield return new("move rd, rs", new() { Opcode = Opcode.Add, UsesImmediate = true }, [OperandSlot.Rd, OperandSlot.Rs]);
        yield return Form("not rd, rs", Opcode.Nor, OperandSlot.Rd, OperandSlot.Rs);
        yield return Form("neg rd, rt", Opcode.Subtract, OperandSlot.Rd, OperandSlot.Rt);
        yield return Form("nop", Opcode.Nop);
    }

    private static IEnumerable<InstructionForm> ControlFlow(byte link)
    {
        (string Mnemonic, string Swapped, Opcode Opcode)[] ordered =
        [
            ("blt", "bgt", Opcode.BranchLess), ("bge", "ble", Opcode.BranchGreaterEqual),
            ("bltu", "bgtu", Opcode.BranchLessUnsigned), ("bgeu", "bleu", Opcode.BranchGreaterEqualUnsigned),
        ];
        foreach (var (mnemonic, swapped, opcode) in ordered)
        {
            yield return Form($"{mnemonic} rs, rt, label", opcode, OperandSlot.Rs, OperandSlot.Rt, OperandSlot.Target);
            yield return Form($"{swapped} rt, rs, label", opcode, OperandSlot.Rt, OperandSlot.Rs, OperandSlot.Target);
        }

        yield return Form("beq rs, rt, label", Opcode.BranchEqual, OperandSlot.Rs, OperandSlot.Rt, OperandSlot.Target);
        yield return Form("bne rs, rt, label", Opcode.BranchNotEqual, OperandSlot.Rs, OperandSlot.Rt, OperandSlot.Target);
        yield return Form("beqz rs, label", Opcode.BranchEqual, OperandSlot.Rs, OperandSlot.Target);
        yield return Form("bnez rs, label", Opcode.BranchNotEqual, OperandSlot.Rs, OperandSlot.Target);
        yield return Form("b label", Opcode.Jump, OperandSlot.Target);
        yield return Form("jr rs", Opcode.JumpRegister, OperandSlot.Rs);
        yield return new("call label|rs", new() { Opcode = Opcode.Call, Rd = link }, [OperandSlot.CallTarget]);
        yield return new("ret", new() { Opcode = Opcode.JumpRegister, Rs = link }, []);
    }

    private static IEnumerable<InstructionForm> Memory()
    {
        foreach (var (suffix, width) in Widths)
        {
            yield return Form($"ld.{suffix} rd, [address]", Opcode.Load, width, OperandSlot.Rd, OperandSlot.Address);
            yield return Form($"st.{suffix} rd, [address]", Opcode.Store, width, OperandSlot.Rd, OperandSlot.Address);
            yield return Form($"wait.{suffix} rd, [address], rt", Opcode.Wait, width, OperandSlot.Rd, OperandSlot.Address, OperandSlot.Rt);
        }

        foreach (var (suffix, width) in Widths[..3])
        {
            yield return Form($"ld.{suffix}u rd, [address]", Opcode.LoadUnsigned, width, OperandSlot.Rd, OperandSlot.Address);
        }

        (string, Opcode)[] atomics =
        [
            ("amswap", Opcode.AtomicSwap), ("amadd", Opcode.AtomicAdd), ("amand", Opcode.AtomicAnd), ("amor", Opcode.AtomicOr),
            ("amxor", Opcode.AtomicXor), ("amcas", Opcode.AtomicCompareSwap),
        ];
        foreach (var (mnemonic, opcode) in atomics)
        {
            foreach (var (suffix, width) in Widths[2..])
            {
                yield return Form($"{mnemonic}.{suffix} rd, rt, [address]", opcode, width, OperandSlot.Rd, OperandSlot.Rt, OperandSlot.Address);
            }
        }

        yield return Form("fence", Opcode.Fence);
    }

    private static IEnumerable<InstructionForm> Buses()
    {
        foreach (var (suffix, width) in Widths)
        {
            yield return Form($"mmio.read.{suffix} rd, [address]", Opcode.MmioRead, width, OperandSlot.Rd, OperandSlot.Address);
            yield return Form($"mmio.write.{suffix} rd, [address]", Opcode.MmioWrite, width, OperandSlot.Rd, OperandSlot.Address);
        }

        foreach (var (suffix, width) in Widths[..3])
        {
            yield return Form($"mmio.read.{suffix}u rd, [address]", Opcode.MmioReadUnsigned, width, OperandSlot.Rd, OperandSlot.Address);
        }
    }

    private static IEnumerable<InstructionForm> Processor() =>
    [
        Form("time.read rd", Opcode.ReadTime, OperandSlot.Rd),
        Form("cpu.index rd", Opcode.CpuIndex, OperandSlot.Rd),
        Form("cpu.count rd", Opcode.CpuCount, OperandSlot.Rd),
        Form("cpu.physical rd", Opcode.CpuPhysicalId, OperandSlot.Rd),
    ];

    private static IEnumerable<InstructionForm> Simulator()
    {
        yield return Form("work duration|rs", Opcode.Work, OperandSlot.Duration);
        yield return Form("random rd, rt|expression", Opcode.Random, OperandSlot.Rd, OperandSlot.RtOrImmediate);
        (string, Comparison)[] comparisons =
        [
            ("eq", Comparison.Equal), ("ne", Comparison.NotEqual), ("lt", Comparison.Less), ("le", Comparison.LessOrEqual),
            ("gt", Comparison.Greater), ("ge", Comparison.GreaterOrEqual), ("ltu", Comparison.LessUnsigned), ("geu", Comparison.GreaterOrEqualUnsigned),
        ];
        foreach (var (suffix, comparison) in comparisons)
        {
            yield return new(
                $"assert.{suffix} rs, rt|expression[, \"text\"]",
                new() { Opcode = Opcode.Assert, Rd = (byte)comparison },
                [OperandSlot.Rs, OperandSlot.RtOrImmediate, OperandSlot.AssertionText],
                Optional: 1);
        }

        yield return new("mark name[, rt|expression]", Constant(Opcode.Mark, 0), [OperandSlot.MarkName, OperandSlot.RtOrImmediate], Optional: 1);
        yield return new("count name[, rt|expression]", Constant(Opcode.Count, 1), [OperandSlot.CounterName, OperandSlot.RtOrImmediate], Optional: 1);
        yield return new("exit [rt|expression]", Constant(Opcode.Exit, 0), [OperandSlot.RtOrImmediate], Optional: 1);
    }

    /// <summary>The operand where none is written.</summary>
    private static Instruction Constant(Opcode opcode, long value) => new() { Opcode = opcode, UsesImmediate = true, Immediate = value };
}
