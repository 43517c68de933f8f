using Trapline.Actors.Guests;
using Trapline.Devices.Arm.Cpu;
using Trapline.Machines.Assembly;
using Xunit;
using static Trapline.Machines.Tests.Assembly.Assembling;

namespace Trapline.Machines.Tests.Assembly;

/// <summary>What guests for ARM have of their own.</summary>
public sealed class ArmTests
{
    private const long Start = 0x4020_0000;

    public static TheoryData<string, Instruction> Forms => new()
    {
        { "sysreg.read x0, ICC_IAR1_EL1", new() { Opcode = Opcode.SystemRegisterRead, Rd = 1, Immediate = 0xC660 } },
        { "sysreg.read x30, S3_3_C14_C3_1", new() { Opcode = Opcode.SystemRegisterRead, Rd = 31, Immediate = 0xDF19 } },
        { "sysreg.write xzr, VBAR_EL1", new() { Opcode = Opcode.SystemRegisterWrite, Immediate = 0xC600 } },
        { "daif.set 3", new() { Opcode = Opcode.MaskSet, Immediate = 3 } },
        { "daif.clear 15", new() { Opcode = Opcode.MaskClear, Immediate = 15 } },
        { "hvc 0", new() { Opcode = Opcode.Hypercall } },
        { "smc 0xffff", new() { Opcode = Opcode.SecureCall, Immediate = 0xFFFF } },
        { "svc 1", new() { Opcode = Opcode.SystemCall, Immediate = 1 } },
        { "brk 2", new() { Opcode = Opcode.Break, Immediate = 2 } },
        { "wfi", new() { Opcode = Opcode.Idle } },
        { "eret", new() { Opcode = Opcode.ExceptionReturn } },
        { "isb", new() { Opcode = Opcode.Fence } },
        { "dsb", new() { Opcode = Opcode.Fence } },
        { "call start", new() { Opcode = Opcode.Call, Rd = 31, Immediate = Start } },
        { "ret", new() { Opcode = Opcode.JumpRegister, Rs = 31 } },
        { "st.d lr, [sp - 8]", new() { Opcode = Opcode.Store, Rd = 31, Rs = 32, Width = AccessWidth.Double, Immediate = -8 } },
        { "mmio.read.w t0, [a1 + 0x80]", new() { Opcode = Opcode.MmioRead, Rd = 10, Rs = 2, Width = AccessWidth.Word, Immediate = 0x80 } },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_form_encodes_as_documented(string statement, Instruction expected) =>
        Assert.Equal(expected, Assert.Single(ArmProgram(statement).Instructions));

    [Fact]
    public void Registers_have_the_names_of_the_procedure_call_standard()
    {
        (string Alias, string Name)[] aliases =
        [
            .. Enumerable.Range(0, 8).Select(i => ($"a{i}", $"x{i}")), .. Enumerable.Range(0, 9).Select(i => ($"t{i}", $"x{i + 9}")),
            .. Enumerable.Range(0, 9).Select(i => ($"s{i}", $"x{i + 19}")), ("fp", "x29"), ("lr", "x30"), ("ra", "x30"), ("zero", "xzr"),
        ];
        var program = ArmProgram(string.Join('\n', aliases.Select(pair => $"neg {pair.Alias}, {pair.Name}")));
        Assert.All(program.Instructions, instruction => Assert.Equal(instruction.Rd, instruction.Rt));
        var all = ArmProgram(string.Join('\n', Enumerable.Range(0, 31).Select(i => $"neg x{i}, xzr").Append("neg sp, xzr")));
        Assert.Equal(Enumerable.Range(1, 32), all.Instructions.Select(instruction => (int)instruction.Rd));
    }

    [Fact]
    public void Every_system_register_is_found_by_its_name_and_by_its_generic_form()
    {
        foreach (var name in SystemRegisterNames.All)
        {
            Assert.True(SystemRegisterNames.TryParse(name, out var encoding));
            Assert.True(SystemRegisterNames.TryParse(SystemRegister.GenericName(encoding), out var generic));
            Assert.Equal((encoding, name), (generic, SystemRegisterNames.Describe(encoding)));
        }

        Assert.Equal("S2_7_C1_C2_3", SystemRegisterNames.Describe(SystemRegister.Encode(2, 7, 1, 2, 3)));
    }

    [Fact]
    public void Memory_is_where_the_machine_virt_has_it()
    {
        var program = ArmProgram("nop\n.shared one, 8\n.shared two, word 5\n.shared queue, 0x10000, 0x10000\n.shared small, 0xffff\n.shared tables, 0x3000000, 0x10000\n.percpu own, 8");
        Assert.Equal((0x4020_0000UL, 0x4100_0000UL, 0x4100_0008UL), (program.EntryPoint, program.Symbols["one"], program.Symbols["two"]));
        Assert.Equal((0x4200_0000UL, 0x4100_0010UL, 0x4201_0000UL, 0UL), (program.Symbols["queue"], program.Symbols["small"], program.Symbols["tables"], program.Symbols["own"]));
        Assert.Equal(12, program.SharedImage.Length);
    }

    [Fact]
    public void A_per_CPU_symbol_that_begins_a_page_is_a_table_at_home_with_the_board()
    {
        var program = ArmProgram("nop\n.percpu pending, 0x1004, 0x10000\n.percpu own, 8\n.percpu table, 8, 4096\n.percpu other, 8");
        Assert.Equal((0UL, 0x2000UL, 0x3000UL, 0x4000UL), (program.Symbols["pending"], program.Symbols["own"], program.Symbols["table"], program.Symbols["other"]));
        var homes = Enumerable.Range(0, 16).Select(page =>
        {
            Assert.True(program.Layout.TryFindHome(program.Layout.PerCpuArea(2) + ((ulong)page * GuestLayout.PageBytes) + 8, 4, out var home));
            return home;
        });
        Assert.Equal([GuestLayout.Board, GuestLayout.Board, 2, GuestLayout.Board, .. Enumerable.Repeat(2, 12)], homes);
        Assert.Same(GuestLayout.Arm, ArmProgram("nop\n.percpu own, 8").Layout);
    }

    [Fact]
    public void Every_cpu_of_512_has_its_area_in_memory()
    {
        var layout = GuestLayout.Arm;
        Assert.True(layout.TryFindHome(layout.PerCpuArea(511) + GuestLayout.PerCpuStride - 1, 512, out var home));
        Assert.Equal(511, home);
        Assert.False(layout.TryFindHome(0x3FFF_FFFF, 512, out _));
        Assert.False(layout.TryFindHome(layout.MemoryEnd, 512, out _));
    }

    [Theory]
    [InlineData("csr.read a0, ESTAT", 1, "'csr' belongs to LoongArch; this guest is for arm, which has sysreg.read and sysreg.write")]
    [InlineData("iocsr.read.w a0, [a1]", 1, "'iocsr' belongs to LoongArch; this guest is for arm, which has sysreg.read and sysreg.write, mmio.read and mmio.write")]
    [InlineData("ertn", 1, "'ertn' belongs to LoongArch; this guest is for arm, which has eret")]
    [InlineData("idle", 1, "'idle' belongs to LoongArch; this guest is for arm, which has wfi")]
    [InlineData("msr.write a0", 1, "'msr' belongs to x86; this guest is for arm, which has sysreg.read and sysreg.write")]
    [InlineData("sysreg.read a0, ICC_IAR1_EL", 17, "'ICC_IAR1_EL' is no system register; did you mean 'ICC_IAR1_EL1'?; one without a name here is written S<op0>_<op1>_C<n>_C<m>_<op2>")]
    [InlineData("sysreg.read a0, 5", 17, "an expression is no system register; one without a name here is written S<op0>_<op1>_C<n>_C<m>_<op2>")]
    [InlineData("sysreg.read a0, S4_0_C1_C1_0", 17, "'S4_0_C1_C1_0' is no system register; one without a name here is written S<op0>_<op1>_C<n>_C<m>_<op2>")]
    [InlineData("daif.set 16", 10, "the mask 16 does not fit in 4 bits (0 to 15)")]
    [InlineData("hvc 0x10000", 5, "the code 65536 does not fit in 16 bits (0 to 65535)")]
    [InlineData("move r4, a0", 6, "expected a register, found 'r4'; did you mean 'a4'?; usage: move rd, rs")]
    [InlineData(".const x7 = 1", 8, "'x7' is a register and cannot be defined")]
    [InlineData(".shared x, 96 * 0x100000 + 1", 12, "the number of bytes is 100663297; it must be 1 to 100663296")]
    [InlineData(".percpu x, 8\n.percpu y, 0x2000, 0x10000", 12, "a .percpu symbol with an alignment of 65536 has to be the first one, ahead of those that are included: an area is not longer", 2)]
    [InlineData(".shared x, 0x5000000\n.shared y, 0x1000001", 12, "the .shared symbols need more than 100663296 bytes together", 2)]
    [InlineData(".arch loongarch", 7, "this file is for loongarch, and the guest that it is a part of for arm")]
    public void A_mistake_is_reported_at_its_place(string text, int column, string message, int line = 1)
    {
        var result = Assemble(".arch arm\nstart: nop\n" + text);
        Assert.Equal([$"main.guest:{line + 2}:{column}: error: {message}"], result.Errors.Select(error => error.ToString()));
    }

    [Fact]
    public void A_guest_for_another_machine_is_refused()
    {
        var sources = new MemorySources().Add(Main, ".arch loongarch\nstart: nop");
        Assert.NotNull(GuestAssembler.Assemble(Main, Options() with { Architecture = GuestArchitecture.LoongArch }, sources).Program);
        var error = Assert.Single(GuestAssembler.Assemble(Main, Options() with { Architecture = GuestArchitecture.Arm }, sources).Errors);
        Assert.Equal("main.guest:1:7: error: the machine of this scenario is for arm, and this guest for loongarch: choose another guest, or another machine.board", error.ToString());
    }

    [Fact]
    public void An_included_file_without_an_architecture_is_for_each()
    {
        MemorySources With(string architecture) => new MemorySources().Add(Main, $".arch {architecture}\n.include \"common.guest\"\nstart: ret").Add("common.guest", "swap: amswap.d t0, t1, [a0]\nret");
        Assert.NotNull(GuestAssembler.Assemble(Main, Options(), With("loongarch")).Program);
        Assert.Equal(31, GuestAssembler.Assemble(Main, Options(), With("arm")).Program!.Instructions[1].Rs);
    }

    private static GuestProgram ArmProgram(string statements)
    {
        var result = Assemble(".arch arm\nstart:\n" + statements);
        Assert.Empty(result.Errors);
        Assert.Same(GuestArchitecture.Arm, result.Program!.Architecture);
        return result.Program;
    }
}
