using Trapline.Actors.Guests;
using Xunit;
using static Trapline.Machines.Tests.Assembly.Assembling;

namespace Trapline.Machines.Tests.Assembly;

/// <summary>Each form of each instruction, against what the comments of <see cref="Opcode"/> say.</summary>
public sealed class InstructionEncodingTests
{
    private const long Start = 0x20_0000;

    public static TheoryData<string, Opcode> Arithmetic => new()
    {
        { "add", Opcode.Add }, { "sub", Opcode.Subtract }, { "mul", Opcode.Multiply }, { "mulhu", Opcode.MultiplyHighUnsigned },
        { "div", Opcode.Divide }, { "divu", Opcode.DivideUnsigned }, { "rem", Opcode.Remainder }, { "remu", Opcode.RemainderUnsigned },
        { "and", Opcode.And }, { "or", Opcode.Or }, { "xor", Opcode.Xor }, { "nor", Opcode.Nor }, { "andn", Opcode.AndNot },
        { "sll", Opcode.ShiftLeft }, { "srl", Opcode.ShiftRightLogical }, { "sra", Opcode.ShiftRightArithmetic },
        { "rotr", Opcode.RotateRight }, { "slt", Opcode.SetLess }, { "sltu", Opcode.SetLessUnsigned },
    };

    [Theory]
    [MemberData(nameof(Arithmetic))]
    public void Arithmetic_takes_a_register_or_an_expression(string mnemonic, Opcode opcode)
    {
        var program = Program($"{mnemonic} a0, t0, s8\n{mnemonic} r4, r12, -5");
        Assert.Equal(new Instruction { Opcode = opcode, Rd = 4, Rs = 12, Rt = 31 }, program.Instructions[0]);
        Assert.Equal(new Instruction { Opcode = opcode, Rd = 4, Rs = 12, UsesImmediate = true, Immediate = -5 }, program.Instructions[1]);
    }

    public static TheoryData<string, Instruction> Forms => new()
    {
        { "nop", new() { Opcode = Opcode.Nop } },
        { "sext.b a0, a1", new() { Opcode = Opcode.SignExtend, Rd = 4, Rs = 5, Width = AccessWidth.Byte } },
        { "sext.h a0, a1", new() { Opcode = Opcode.SignExtend, Rd = 4, Rs = 5, Width = AccessWidth.Half } },
        { "sext.w a0, a1", new() { Opcode = Opcode.SignExtend, Rd = 4, Rs = 5, Width = AccessWidth.Word } },
        { "zext.b a0, a1", new() { Opcode = Opcode.ZeroExtend, Rd = 4, Rs = 5, Width = AccessWidth.Byte } },
        { "zext.h a0, a1", new() { Opcode = Opcode.ZeroExtend, Rd = 4, Rs = 5, Width = AccessWidth.Half } },
        { "zext.w a0, a1", new() { Opcode = Opcode.ZeroExtend, Rd = 4, Rs = 5, Width = AccessWidth.Word } },
        { "ctz a0, a1", new() { Opcode = Opcode.CountTrailingZeros, Rd = 4, Rs = 5 } },
        { "clz a0, a1", new() { Opcode = Opcode.CountLeadingZeros, Rd = 4, Rs = 5 } },
        { "popcnt a0, a1", new() { Opcode = Opcode.PopulationCount, Rd = 4, Rs = 5 } },
        { "li a0, 1 << 40", new() { Opcode = Opcode.LoadImmediate, Rd = 4, Immediate = 1L << 40 } },
        { "la a0, shared_b + 4", new() { Opcode = Opcode.LoadImmediate, Rd = 4, Immediate = 0x0100_0010 + 4 } },
        { "la a0, start", new() { Opcode = Opcode.LoadImmediate, Rd = 4, Immediate = Start } },
        { "la.percpu a0, own_b + 1", new() { Opcode = Opcode.PerCpuAddress, Rd = 4, UsesImmediate = true, Immediate = 9 } },
        { "la.percpu a0, own_b, a1", new() { Opcode = Opcode.PerCpuAddress, Rd = 4, Rs = 5, Immediate = 8 } },
        { "la.percpu sp, percpu_size", new() { Opcode = Opcode.PerCpuAddress, Rd = 3, UsesImmediate = true, Immediate = 0x1_0000 } },
        { "move a0, a1", new() { Opcode = Opcode.Add, Rd = 4, Rs = 5, UsesImmediate = true } },
        { "not a0, a1", new() { Opcode = Opcode.Nor, Rd = 4, Rs = 5 } },
        { "neg a0, a1", new() { Opcode = Opcode.Subtract, Rd = 4, Rt = 5 } },
        { "beq a0, a1, start", new() { Opcode = Opcode.BranchEqual, Rs = 4, Rt = 5, Immediate = Start } },
        { "bne a0, a1, start", new() { Opcode = Opcode.BranchNotEqual, Rs = 4, Rt = 5, Immediate = Start } },
        { "blt a0, a1, start", new() { Opcode = Opcode.BranchLess, Rs = 4, Rt = 5, Immediate = Start } },
        { "bge a0, a1, start", new() { Opcode = Opcode.BranchGreaterEqual, Rs = 4, Rt = 5, Immediate = Start } },
        { "bltu a0, a1, start", new() { Opcode = Opcode.BranchLessUnsigned, Rs = 4, Rt = 5, Immediate = Start } },
        { "bgeu a0, a1, start", new() { Opcode = Opcode.BranchGreaterEqualUnsigned, Rs = 4, Rt = 5, Immediate = Start } },
        { "bgt a0, a1, start", new() { Opcode = Opcode.BranchLess, Rs = 5, Rt = 4, Immediate = Start } },
        { "ble a0, a1, start", new() { Opcode = Opcode.BranchGreaterEqual, Rs = 5, Rt = 4, Immediate = Start } },
        { "bgtu a0, a1, start", new() { Opcode = Opcode.BranchLessUnsigned, Rs = 5, Rt = 4, Immediate = Start } },
        { "bleu a0, a1, start", new() { Opcode = Opcode.BranchGreaterEqualUnsigned, Rs = 5, Rt = 4, Immediate = Start } },
        { "beqz a0, start", new() { Opcode = Opcode.BranchEqual, Rs = 4, Immediate = Start } },
        { "bnez a0, start", new() { Opcode = Opcode.BranchNotEqual, Rs = 4, Immediate = Start } },
        { "b start", new() { Opcode = Opcode.Jump, Immediate = Start } },
        { "call start", new() { Opcode = Opcode.Call, Rd = 1, Immediate = Start } },
        { "call t0", new() { Opcode = Opcode.CallRegister, Rd = 1, Rs = 12 } },
        { "jr t0", new() { Opcode = Opcode.JumpRegister, Rs = 12 } },
        { "ret", new() { Opcode = Opcode.JumpRegister, Rs = 1 } },
        { "amswap.w a0, a1, [a2]", new() { Opcode = Opcode.AtomicSwap, Rd = 4, Rt = 5, Rs = 6, Width = AccessWidth.Word } },
        { "amadd.d a0, a1, [a2 + 8]", new() { Opcode = Opcode.AtomicAdd, Rd = 4, Rt = 5, Rs = 6, Width = AccessWidth.Double, Immediate = 8 } },
        { "amand.w a0, a1, [a2]", new() { Opcode = Opcode.AtomicAnd, Rd = 4, Rt = 5, Rs = 6, Width = AccessWidth.Word } },
        { "amor.d a0, a1, [a2]", new() { Opcode = Opcode.AtomicOr, Rd = 4, Rt = 5, Rs = 6, Width = AccessWidth.Double } },
        { "amxor.d a0, a1, [a2]", new() { Opcode = Opcode.AtomicXor, Rd = 4, Rt = 5, Rs = 6, Width = AccessWidth.Double } },
        { "amcas.w a0, a1, [a2]", new() { Opcode = Opcode.AtomicCompareSwap, Rd = 4, Rt = 5, Rs = 6, Width = AccessWidth.Word } },
        { "fence", new() { Opcode = Opcode.Fence } },
        { "wait.w a0, [a1 + 4], a2", new() { Opcode = Opcode.Wait, Rd = 4, Rs = 5, Rt = 6, Width = AccessWidth.Word, Immediate = 4 } },
        { "csr.read a0, ESTAT", new() { Opcode = Opcode.CsrRead, Rd = 4, Immediate = 5 } },
        { "csr.write a0, 0x3f0", new() { Opcode = Opcode.CsrWrite, Rd = 4, Immediate = 0x3F0 } },
        { "csr.xchg a0, a1, ECFG", new() { Opcode = Opcode.CsrExchange, Rd = 4, Rs = 5, Immediate = 4 } },
        { "cpucfg a0, a1", new() { Opcode = Opcode.CpuConfiguration, Rd = 4, Rs = 5 } },
        { "time.read a0", new() { Opcode = Opcode.ReadTime, Rd = 4 } },
        { "cpu.index a0", new() { Opcode = Opcode.CpuIndex, Rd = 4 } },
        { "cpu.count a0", new() { Opcode = Opcode.CpuCount, Rd = 4 } },
        { "cpu.physical a0", new() { Opcode = Opcode.CpuPhysicalId, Rd = 4 } },
        { "hypercall 0x100", new() { Opcode = Opcode.Hypercall, Immediate = 0x100 } },
        { "syscall 11", new() { Opcode = Opcode.SystemCall, Immediate = 11 } },
        { "break 0x7fff", new() { Opcode = Opcode.Break, Immediate = 0x7FFF } },
        { "idle", new() { Opcode = Opcode.Idle } },
        { "ertn", new() { Opcode = Opcode.ExceptionReturn } },
        { "work 5us", new() { Opcode = Opcode.Work, UsesImmediate = true, Immediate = 5_000_000 } },
        { "work 1.5us", new() { Opcode = Opcode.Work, UsesImmediate = true, Immediate = 1_500_000 } },
        { "work 40", new() { Opcode = Opcode.Work, UsesImmediate = true, Immediate = 40_000 } },
        { "work t0", new() { Opcode = Opcode.Work, Rs = 12 } },
        { "random a0, a1", new() { Opcode = Opcode.Random, Rd = 4, Rt = 5 } },
        { "random a0, vcpus", new() { Opcode = Opcode.Random, Rd = 4, UsesImmediate = true, Immediate = 4 } },
        { "mark here", new() { Opcode = Opcode.Mark, UsesImmediate = true } },
        { "mark here, a1", new() { Opcode = Opcode.Mark, Rt = 5 } },
        { "mark here, 7", new() { Opcode = Opcode.Mark, UsesImmediate = true, Immediate = 7 } },
        { "count hits", new() { Opcode = Opcode.Count, UsesImmediate = true, Immediate = 1 } },
        { "count hits, a1", new() { Opcode = Opcode.Count, Rt = 5 } },
        { "count hits, 7", new() { Opcode = Opcode.Count, UsesImmediate = true, Immediate = 7 } },
        { "exit", new() { Opcode = Opcode.Exit, UsesImmediate = true } },
        { "exit a0", new() { Opcode = Opcode.Exit, Rt = 4 } },
        { "exit 3", new() { Opcode = Opcode.Exit, UsesImmediate = true, Immediate = 3 } },
        { "assert.eq a0, a1", new() { Opcode = Opcode.Assert, Rd = (byte)Comparison.Equal, Rs = 4, Rt = 5 } },
        { "assert.ne a0, 1", new() { Opcode = Opcode.Assert, Rd = (byte)Comparison.NotEqual, Rs = 4, UsesImmediate = true, Immediate = 1 } },
        { "assert.lt a0, a1", new() { Opcode = Opcode.Assert, Rd = (byte)Comparison.Less, Rs = 4, Rt = 5 } },
        { "assert.le a0, a1", new() { Opcode = Opcode.Assert, Rd = (byte)Comparison.LessOrEqual, Rs = 4, Rt = 5 } },
        { "assert.gt a0, a1", new() { Opcode = Opcode.Assert, Rd = (byte)Comparison.Greater, Rs = 4, Rt = 5 } },
        { "assert.ge a0, a1", new() { Opcode = Opcode.Assert, Rd = (byte)Comparison.GreaterOrEqual, Rs = 4, Rt = 5 } },
        { "assert.ltu a0, a1", new() { Opcode = Opcode.Assert, Rd = (byte)Comparison.LessUnsigned, Rs = 4, Rt = 5 } },
        { "assert.geu a0, a1", new() { Opcode = Opcode.Assert, Rd = (byte)Comparison.GreaterOrEqualUnsigned, Rs = 4, Rt = 5 } },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_form_encodes_as_documented(string statement, Instruction expected)
    {
        var program = Program(statement + "\n.shared shared_a, 16\n.shared shared_b, 8\n.percpu own_a, 8\n.percpu own_b, 8");
        Assert.Equal(expected, Assert.Single(program.Instructions));
    }

    public static TheoryData<string, Opcode, string> Accesses => new()
    {
        { "ld", Opcode.Load, "bhwd" }, { "st", Opcode.Store, "bhwd" }, { "iocsr.read", Opcode.IocsrRead, "bhwd" },
        { "iocsr.write", Opcode.IocsrWrite, "bhwd" }, { "mmio.read", Opcode.MmioRead, "bhwd" }, { "mmio.write", Opcode.MmioWrite, "bhwd" },
    };

    [Theory]
    [MemberData(nameof(Accesses))]
    public void Accesses_have_four_widths_and_three_forms_of_address(string mnemonic, Opcode opcode, string widths)
    {
        for (var i = 0; i < widths.Length; i++)
        {
            var name = $"{mnemonic}.{widths[i]}";
            var program = Program($"{name} a0, [a1]\n{name} a0, [a1 + 8]\n{name} a0, [sp - 8 + 4]\n{name} a0, [0x1000 + 4]");
            var plain = new Instruction { Opcode = opcode, Rd = 4, Rs = 5, Width = (AccessWidth)i };
            Assert.Equal([plain, plain with { Immediate = 8 }, plain with { Rs = 3, Immediate = -4 }, plain with { Rs = 0, Immediate = 0x1004 }], program.Instructions);
        }
    }

    [Theory]
    [InlineData("ld", Opcode.LoadUnsigned)]
    [InlineData("mmio.read", Opcode.MmioReadUnsigned)]
    public void Narrow_reads_have_an_unsigned_form(string mnemonic, Opcode opcode)
    {
        var program = Program($"{mnemonic}.bu a0, [a1]\n{mnemonic}.hu a0, [a1]\n{mnemonic}.wu a0, [a1]");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(new Instruction { Opcode = opcode, Rd = 4, Rs = 5, Width = (AccessWidth)i }, program.Instructions[i]);
        }
    }

    [Fact]
    public void A_shared_symbol_is_an_absolute_address_and_can_be_indexed()
    {
        var program = Program(".shared counter, 8\nld.d a0, [counter]\nld.d a0, [a1 + counter + 4]");
        Assert.Equal((0, (long)GuestLayout.LoongArch.SharedBase), (program.Instructions[0].Rs, program.Instructions[0].Immediate));
        Assert.Equal((5, (long)GuestLayout.LoongArch.SharedBase + 4), (program.Instructions[1].Rs, program.Instructions[1].Immediate));
    }

    [Fact]
    public void Every_opcode_but_undefined_can_be_written()
    {
        var written = Trapline.Machines.Assembly.Dialect.All.SelectMany(dialect => dialect.Instructions.All).Select(form => form.Template.Opcode).Append(Opcode.CallRegister).ToHashSet();
        Assert.Equal(Enum.GetValues<Opcode>().Where(opcode => opcode != Opcode.Undefined), written.Order());
    }

    [Fact]
    public void Names_and_texts_are_numbered_by_first_appearance_and_shared()
    {
        var program = Program("count b\ncount a\ncount b\nmark m\nassert.eq a0, 1, \"one\"\nassert.eq a0, 2\nassert.eq a0, 3, \"one\"");
        Assert.Equal(["b", "a"], program.Counters);
        Assert.Equal(["m"], program.Marks);
        Assert.Equal(["one", ""], program.Assertions);
        Assert.Equal([0, 1, 0, 0, 0, 1, 0], program.Instructions.Select(i => (int)i.Text));
    }

    [Theory]
    [InlineData("random a0, 5", true)]
    [InlineData("nop", false)]
    public void A_program_says_whether_it_draws_random_numbers(string statement, bool draws) =>
        Assert.Equal(draws, Program(statement).DrawsRandom);

    [Fact]
    public void Every_register_has_its_abi_name_and_its_number()
    {
        string[] names = ["zero", "ra", "tp", "sp", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "u0", "fp", "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"];
        var program = Program(string.Join('\n', names.Select((name, i) => $"neg {name}, r{i}")));
        Assert.All(program.Instructions.Index(), entry => Assert.Equal((entry.Index, entry.Index), (entry.Item.Rd, entry.Item.Rt)));
    }

    [Fact]
    public void Csrs_have_the_numbers_of_the_manual()
    {
        string[] names = ["CRMD", "PRMD", "EUEN", "MISC", "ECFG", "ESTAT", "ERA", "BADV", "BADI", "EENTRY", "CPUID", "SAVE0", "SAVE7", "TID", "TCFG", "TVAL", "CNTC", "TICLR", "WORK"];
        long[] numbers = [0, 1, 2, 3, 4, 5, 6, 7, 8, 0xC, 0x20, 0x30, 0x37, 0x40, 0x41, 0x42, 0x43, 0x44, 0x3F0];
        var program = Program(string.Join('\n', names.Select(name => $"csr.read a0, {name}")));
        Assert.Equal(numbers, program.Instructions.Select(i => i.Immediate));
    }
}
