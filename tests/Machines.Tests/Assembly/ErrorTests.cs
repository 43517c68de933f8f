using Trapline.Machines.Assembly;
using Xunit;
using static Trapline.Machines.Tests.Assembly.Assembling;

namespace Trapline.Machines.Tests.Assembly;

public sealed class ErrorTests
{
    [Theory]
    [InlineData("ad a0, a1, 2", 1, "unknown instruction or macro 'ad'; did you mean 'add'?")]
    [InlineData("msr.read a0, 0x10", 1, "'msr' belongs to x86; this guest is for loongarch, which has iocsr.read, iocsr.write and csr.read, csr.write")]
    [InlineData("sysreg.write a0, X", 1, "'sysreg' belongs to ARM; this guest is for loongarch, which has iocsr.read, iocsr.write and csr.read, csr.write")]
    [InlineData("add a0, a1", 1, "wrong number of operands; expected: add rd, rs, rt|expression")]
    [InlineData("add a0, a1, a2, a3", 17, "wrong number of operands; expected: add rd, rs, rt|expression")]
    [InlineData("add a0, a1,", 12, "expected an operand, found the end of the line")]
    [InlineData("add a0, , a1", 9, "expected an operand, found ','")]
    [InlineData("add a9, a1, 2", 5, "expected a register, found 'a9'; did you mean 'a0'?; usage: add rd, rs, rt|expression")]
    [InlineData("beq a0, 5, start", 9, "expected a register, found an expression; usage: beq rs, rt, label")]
    [InlineData("beq a0, a1, strat", 13, "'strat' is not defined; did you mean 'start'?")]
    [InlineData("b a0", 3, "expected a label, found a register; usage: b label")]
    [InlineData("b 0x1000", 3, "expected a label; 0x1000 is no address of an instruction (those are 0x200000 to 0x200004, in steps of 4)")]
    [InlineData("b start + 2", 3, "expected a label; 0x200002 is no address of an instruction (those are 0x200000 to 0x200004, in steps of 4)")]
    [InlineData("ld.w a0, a1", 10, "expected an address in brackets, like [a0 + 8] or [symbol], found a register; usage: ld.w rd, [address]")]
    [InlineData("ld.w a0, [a1 + a2]", 16, "the register 'a2' cannot be part of an expression: those are computed while assembling; an address is [register + expression]")]
    [InlineData("ld.w a0, [a1 8]", 14, "expected ']' to close the address, found '8'")]
    [InlineData("ld.d a0, [own]\n.percpu own, 8", 10, "a .percpu symbol has an address of its own on each CPU: load it with 'la.percpu rd, symbol' (or 'la.percpu rd, symbol, rs' for the CPU whose index is in rs), then use [rd]")]
    [InlineData("la a0, own\n.percpu own, 8", 8, "a .percpu symbol has an address of its own on each CPU: load it with 'la.percpu rd, symbol' (or 'la.percpu rd, symbol, rs' for the CPU whose index is in rs), then use [rd]")]
    [InlineData("la.percpu a0, all\n.shared all, 8", 15, "this is a label or a .shared symbol, with one address for all CPUs: use 'la rd, symbol'")]
    [InlineData("la.percpu a0, 65537", 15, "the offset 65537 is outside a per-CPU area (0 to 65536)")]
    [InlineData("csr.read a0, ESTAD", 14, "'ESTAD' is no control and status register; did you mean 'ESTAT'?")]
    [InlineData("csr.read a0, 0x4000", 14, "CSR number 16384 is not between 0 and 0x3fff")]
    [InlineData("csr.write a0, a1", 15, "expected a control and status register, found a register; usage: csr.write rd, CSR")]
    [InlineData("hypercall 32768", 11, "the code 32768 does not fit in 15 bits (0 to 32767)")]
    [InlineData("mark 5", 6, "expected a name, found an expression; usage: mark name[, rt|expression]")]
    [InlineData("assert.eq a0, 1, 2", 18, "expected a text in quotes, found an expression; usage: assert.eq rs, rt|expression[, \"text\"]")]
    [InlineData("assert.eq a0, 1, \"open", 18, "the text has no closing '\"'")]
    [InlineData("assert.eq a0, 1, \"a\\n\"", 20, "in a text only \\\" and \\\\ follow a backslash")]
    [InlineData("nop; nop", 4, "';' has no meaning here; one statement a line, comments start with '#' or '//'")]
    [InlineData("5", 1, "expected an instruction, a directive or a label, found '5'")]
    [InlineData("add: sub: ad a0, a1, 2", 11, "unknown instruction or macro 'ad'; did you mean 'add'?")]
    public void A_mistake_is_reported_with_file_line_column_and_what_was_expected(string text, int column, string message) =>
        Assert.Equal([$"main.guest:1:{column}: error: {message}"], Errors(text));

    [Fact]
    public void Errors_of_both_passes_come_in_the_order_of_the_lines()
    {
        var errors = Errors("b nowhere\nad a0, a1, a2\nli a0, missing\n.const x = y\nli a0, x");
        Assert.Equal(["1", "2", "3", "4"], errors.Select(error => error.Split(':')[1]));
    }

    [Fact]
    public void What_depends_on_a_reported_definition_is_not_reported_again() =>
        Assert.Single(Errors(".const x = 1 / 0\n.const y = x + 1\n.shared s, y\n.align y\nli a0, 5 / x\nli a1, [s]".Replace("li a1, [s]", "la a1, s", StringComparison.Ordinal)));

    [Fact]
    public void A_wrong_last_instruction_does_not_spoil_the_label_before_it() =>
        Assert.Single(Errors("b end\nend: ad a0, a0, 1"));

    [Fact]
    public void At_most_20_errors_are_reported() =>
        Assert.Equal(20, Errors(string.Concat(Enumerable.Repeat("bad\n", 100))).Length);

    [Fact]
    public void A_missing_main_file_is_an_error_with_its_path() =>
        Assert.Equal("no/such.guest:1:1: error: cannot read the guest: there is no such file", GuestAssembler.Assemble("no/such.guest", Options()).Errors.Single().ToString());

    [Fact]
    public void A_folder_is_no_guest() =>
        Assert.EndsWith("cannot read the guest: it is a folder", GuestAssembler.Assemble(Path.GetTempPath(), Options()).Errors.Single().ToString(), StringComparison.Ordinal);

    [Fact]
    public void Tabs_and_carriage_returns_are_space() =>
        Assert.Equal(1, Assemble(".arch loongarch\r\nstart:\tli\ta0,\t1\r\n").Program!.Instructions[0].Immediate);
}
