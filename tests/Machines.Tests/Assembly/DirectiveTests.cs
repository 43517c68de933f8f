using Trapline.Actors.Guests;
using Xunit;
using static Trapline.Machines.Tests.Assembly.Assembling;

namespace Trapline.Machines.Tests.Assembly;

public sealed class DirectiveTests
{
    [Fact]
    public void Data_symbols_get_aligned_addresses_and_their_first_content()
    {
        var program = Program("""
            .shared flag, 1
            .shared line, 64, 64
            .shared table, word 1, -1, vcpus
            .percpu hits, double 0x1122_3344_5566_7788
            .percpu text, byte 'h', 'i', 0
            .percpu room, 100
            nop
            """);
        Assert.Equal(GuestLayout.LoongArch.SharedBase, program.Symbols["flag"]);
        Assert.Equal(GuestLayout.LoongArch.SharedBase + 64, program.Symbols["line"]);
        Assert.Equal(GuestLayout.LoongArch.SharedBase + 128, program.Symbols["table"]);
        Assert.Equal(140, program.SharedBytes);
        Assert.Equal([1, 0, 0, 0, 255, 255, 255, 255, 4, 0, 0, 0], program.SharedImage[128..]);
        Assert.All(program.SharedImage[..128], b => Assert.Equal(0, b));
        Assert.Equal((0UL, 8UL, 16UL), (program.Symbols["hits"], program.Symbols["text"], program.Symbols["room"]));
        Assert.Equal([0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, (byte)'h', (byte)'i', 0], program.PerCpuImage);
        Assert.Equal(116, program.PerCpuBytes);
    }

    [Fact]
    public void Data_can_hold_addresses_of_labels_above()
    {
        var program = Program("nop\nhandler: nop\n.shared vectors, double handler");
        Assert.Equal(GuestLayout.LoongArch.TextBase + 4, BitConverter.ToUInt64(program.SharedImage));
    }

    [Fact]
    public void Org_and_align_leave_gaps_without_instructions()
    {
        var program = Program("nop\n.align 16\nvectors: nop\n.org vectors + (64 + 1) * 4\nb vectors");
        Assert.Equal(4 + 66, program.Instructions.Length);
        Assert.Equal(GuestLayout.LoongArch.TextBase + 16, program.Symbols["vectors"]);
        Assert.All(program.Instructions[1..4], i => Assert.Equal(Opcode.Undefined, i.Opcode));
        Assert.Equal(Opcode.Jump, program.Instructions[69].Opcode);
        Assert.Equal(program.Instructions.Length, program.Locations.Length);
        Assert.Equal(".align 16", program.Locations[2].Text);
    }

    [Fact]
    public void The_entry_point_is_start_or_what_entry_names()
    {
        Assert.Equal(GuestLayout.LoongArch.TextBase, Program("nop").EntryPoint);
        Assert.Equal(GuestLayout.LoongArch.TextBase + 4, Program(".entry main\nnop\nmain: nop").EntryPoint);
    }

    [Fact]
    public void Local_labels_belong_to_the_last_global_one()
    {
        var program = Program("a: nop\n.loop: b .loop\nb: nop\n.loop: b .loop\nb a.loop");
        var first = GuestLayout.LoongArch.TextBase;
        Assert.Equal([(long)first + 4, (long)first + 12, (long)first + 4], program.Instructions.Where(i => i.Opcode == Opcode.Jump).Select(i => i.Immediate));
        Assert.Equal(["a", "a.loop", "b", "b.loop", "start"], program.Symbols.Keys);
    }

    [Fact]
    public void Parameters_have_defaults_that_the_scenario_overrides()
    {
        const string Text = ".param rounds = 10\n.param pause = 2 * rounds\nli a0, rounds\nwork pause";
        Assert.Equal([10, 20_000], Program(Text).Instructions.Select(i => i.Immediate));
        Assert.Equal([3, 6_000], Program(Text, ("rounds", "3")).Instructions.Select(i => i.Immediate));
        Assert.Equal([3, 5_000_000], Program(Text, ("rounds", "vcpus - 1"), ("pause", "5us")).Instructions.Select(i => i.Immediate));
    }

    [Fact]
    public void A_parameter_that_the_guest_does_not_declare_is_an_error_with_the_nearest_one()
    {
        var result = Assemble(".arch loongarch\n.param rounds = 1\nstart: nop", ("round", "5"), ("other", "1"));
        Assert.Equal(
            ["main.guest:1:1: error: the guest declares no .param 'other'", "main.guest:1:1: error: the guest declares no .param 'round'; did you mean 'rounds'?"],
            result.Errors.Select(e => e.ToString()));
    }

    [Fact]
    public void A_wrong_value_of_a_parameter_is_reported_at_its_declaration() =>
        Assert.Equal(
            ["main.guest:1:8: error: the value '5 apples' given for the parameter 'pause' is wrong: expected the end of the line after the value, found 'apples'"],
            Errors(".param pause = 1us\nwork pause", ("pause", "5 apples")));

    [Theory]
    [InlineData(".const a0 = 1", 8, "'a0' is a register and cannot be defined")]
    [InlineData(".const word = 1", 8, "'word' is a word of .shared and .percpu and cannot be defined")]
    [InlineData(".const vcpus = 1", 8, "'vcpus' is predefined")]
    [InlineData(".const .x = 1", 8, "names of constants and parameters do not start with a point")]
    [InlineData(".const x 1", 10, "expected '=' after the name, found '1'")]
    [InlineData(".const x = later", 12, "'later' is not defined above this line, where its value is needed at once")]
    [InlineData("start: nop", 1, "'start' is already defined at main.guest:2")]
    [InlineData(".shared x", 10, "expected ',' and a size, or a width and values, after the name, found the end of the line")]
    [InlineData(".shared x, 0", 12, "the number of bytes is 0; it must be 1 to 16777216")]
    [InlineData(".shared x, 16777217", 12, "the number of bytes is 16777217; it must be 1 to 16777216")]
    [InlineData(".shared x, 8, 3", 12, "the alignment 3 is no power of two")]
    [InlineData(".shared x, byte 256", 17, "256 does not fit in 8 bits")]
    [InlineData(".shared x, word 1 2", 19, "expected the end of the line after the values, which commas separate, found '2'")]
    [InlineData(".percpu x, 61441", 12, "the number of bytes is 61441; it must be 1 to 61440")]
    [InlineData(".percpu x, 61440\n.percpu y, 1", 12, "the .percpu symbols need more than 61440 bytes together", 2)]
    [InlineData(".org 0x200002", 6, "0x200002 is no multiple of 4, the size of an instruction")]
    [InlineData(".org 0x200000", 6, "0x200000 lies before the current address 0x200004")]
    [InlineData(".org 0x240004", 6, "0x240004 lies behind the last possible address 0x240000")]
    [InlineData(".org -4", 6, "0xfffffffffffffffc lies behind the last possible address 0x240000")]
    [InlineData(".align 3", 8, "the alignment 3 is no power of two from 1 to 262144")]
    [InlineData(".align 0", 8, "the alignment 0 is no power of two from 1 to 262144")]
    [InlineData(".entry nowhere", 8, "'nowhere' is not defined")]
    [InlineData(".entry 0x10", 8, "expected a label; 0x10 is no address of an instruction (those are 0x200000 to 0x200000, in steps of 4)")]
    [InlineData(".entry start\n.entry start", 1, "the entry point is already set at main.guest:3", 2)]
    [InlineData(".arch x86", 7, "unknown architecture 'x86'; known: loongarch, arm")]
    [InlineData(".algin 8", 1, "unknown directive '.algin'; did you mean '.align'?")]
    [InlineData(".error \"needs \\\"two\\\" CPUs\"", 1, "needs \"two\" CPUs")]
    public void A_wrong_directive_is_reported_at_its_place(string text, int column, string message, int line = 1) =>
        Assert.Equal([$"main.guest:{line}:{column}: error: {message}"], Errors(text));

    [Fact]
    public void The_architecture_comes_first()
    {
        Assert.Equal(["main.guest:2:1: error: the first statement must be '.arch loongarch' or '.arch arm'"], Assemble("# guest\nstart: nop\nb start").Errors.Select(e => e.ToString()));
        Assert.NotNull(Assemble("// guest\n\n.arch loongarch # yes\nstart: nop").Program);
    }

    [Fact]
    public void A_guest_without_an_entry_point_is_refused() =>
        Assert.Equal("main.guest:1:1: error: the guest has no entry point: no label 'start' and no .entry", Assemble(".arch loongarch\nmain: nop").Errors.Single().ToString());

    [Fact]
    public void Definitions_of_the_caller_are_constants()
    {
        var options = Options() with { Defines = new Dictionary<string, long> { ["smoke"] = 7 } };
        var result = Trapline.Machines.Assembly.GuestAssembler.Assemble(Main, options, new MemorySources().Add(Main, ".arch loongarch\nstart: li a0, smoke"));
        Assert.Equal(7, result.Program!.Instructions[0].Immediate);
    }
}
