using Trapline.Actors.Guests;
using Trapline.Machines.Assembly;
using Xunit;
using static Trapline.Machines.Tests.Assembly.Assembling;

namespace Trapline.Machines.Tests.Assembly;

public sealed class PreprocessorTests
{
    [Fact]
    public void A_macro_fills_in_arguments_defaults_and_its_number()
    {
        var program = Program("""
            .macro SPIN register, times=3
                li \register, \times
            .again\@:
                sub \register, \register, 1
                bnez \register, .again\@
                mark spin_\register\()_done
            .endm
            SPIN t0
            SPIN t1, (2 + 5)
            """);
        Assert.Equal([3, 7], program.Instructions.Where(i => i.Opcode == Opcode.LoadImmediate).Select(i => i.Immediate));
        Assert.Equal(["spin_t0_done", "spin_t1_done"], program.Marks);
        Assert.Equal(["start", "start.again0", "start.again1"], program.Symbols.Keys);
        Assert.Equal(new SourceLocation(0, 4, "li t1, (2 + 5)"), program.Locations[4]);
    }

    [Fact]
    public void Arguments_keep_commas_in_parentheses_brackets_texts_and_characters()
    {
        var program = Program(".macro CHECK value, text\nassert.eq a0, \\value, \\text\n.endm\nCHECK ',', \"a, (b\"\nCHECK (1), \"c\"");
        Assert.Equal([44, 1], program.Instructions.Select(i => i.Immediate));
        Assert.Equal(["a, (b", "c"], program.Assertions);
    }

    [Fact]
    public void An_error_in_a_macro_shows_its_line_and_where_it_was_invoked()
    {
        var errors = Errors(".macro INNER r\n  li \\r, 1\n.endm\n.macro OUTER r\n  INNER \\r\n.endm\nstart2: OUTER 7");
        Assert.Equal(
            ["main.guest:2:6: error: expected a register, found an expression; usage: li rd, expression\nmain.guest:7:3: note: in macro 'INNER', from here\nmain.guest:9:9: note: in macro 'OUTER', from here"],
            errors);
    }

    [Theory]
    [InlineData(".macro M a\nli \\b, 1\n.endm", "2:4", "the macro 'M' has no parameter 'b'")]
    [InlineData(".macro M count\nli a0, \\cout\n.endm", "2:8", "the macro 'M' has no parameter 'cout'; did you mean 'count'?")]
    [InlineData(".macro M a\nnop\n.endm\nM", "4:1", "the macro 'M' needs an argument for 'a'")]
    [InlineData(".macro M a\nnop\n.endm\nM 1, 2", "4:6", "the macro 'M' takes 1 arguments, here are 2")]
    [InlineData(".macro M a, a\n.endm", "1:13", "the parameter 'a' is named twice")]
    [InlineData(".macro M 5\n.endm", "1:10", "expected the name of a parameter: letters, digits and '_'")]
    [InlineData(".macro M\n.endm\n.macro M\n.endm", "3:8", "the macro 'M' is already defined at main.guest:3")]
    [InlineData(".macro add\n.endm", "1:8", "'add' is an instruction; a macro needs another name")]
    [InlineData(".macro M\nnop", "1:1", ".macro without .endm")]
    [InlineData(".endm", "1:1", ".endm without .macro")]
    [InlineData(".endr", "1:1", ".endr without .rept")]
    [InlineData(".rept 2\nnop", "1:1", ".rept without .endr")]
    [InlineData(".rept -1\n.endr", "1:7", "the number of repetitions is -1; it must be 0 to 1000000")]
    [InlineData(".if 1", "1:1", ".if without .endif")]
    [InlineData(".else", "1:1", ".else without .if")]
    [InlineData(".endif", "1:1", ".endif without .if")]
    [InlineData(".if 1\n.else\n.else\n.endif", "3:1", "a second .else; the .if is at line 3")]
    [InlineData(".if 1\n.endif 1", "2:8", "expected the end of the line after .endif, found '1'")]
    [InlineData(".if nothing\nbad\n.endif", "1:5", "'nothing' is not defined above this line, where its value is needed at once")]
    [InlineData("li \\x, 1", "1:4", "'\\x' has a meaning only inside a macro with the parameter 'x'")]
    [InlineData(".macro SPIN\n.endm\nSPNI", "3:1", "unknown instruction or macro 'SPNI'; did you mean 'SPIN'?")]
    public void A_wrong_use_is_reported_at_its_place(string text, string place, string message)
    {
        // Places inside messages count the two lines of the head.
        Assert.Equal([$"main.guest:{place}: error: {message}"], Errors(text));
    }

    [Fact]
    public void Conditions_choose_and_nest()
    {
        const string Text = """
            .param mode = 1
            .if mode == 1
              .if vcpus > 2
                li a0, 1
              .else
                li a0, 2
              .endif
            .else
              .if nonsense +
                frobnicate
              .else
              .endif
              li a0, 3
            .endif
            """;
        Assert.Equal(1, Program(Text).Instructions.Single().Immediate);
        Assert.Equal(3, Program(Text.Replace(".if nonsense +", ".if 1", StringComparison.Ordinal).Replace("frobnicate", "nop", StringComparison.Ordinal), ("mode", "0")).Instructions[1].Immediate);
    }

    [Fact]
    public void A_repetition_counts_from_zero_and_inner_ones_have_their_own_count()
    {
        var program = Program(".rept 2\nli a0, \\+\n.rept 2\nli a1, 10 + \\+\n.endr\n.endr\n.rept 0\nbad\n.endr");
        Assert.Equal([0, 10, 11, 1, 10, 11], program.Instructions.Select(i => i.Immediate));
    }

    [Fact]
    public void Comments_end_lines_but_not_texts()
    {
        var program = Program("# whole\nassert.eq a0, '#', \"no # or // comment\" # comment\nli a0, 8/2 // comment");
        Assert.Equal(["no # or // comment"], program.Assertions);
        Assert.Equal(4, program.Instructions[1].Immediate);
        Assert.Equal("li a0, 8/2", program.Locations[1].Text);
    }

    [Fact]
    public void Includes_are_relative_to_their_file_and_happen_once()
    {
        var sources = new MemorySources()
            .Add("guests/main.guest", ".arch loongarch\n.include \"lib/a.guest\"\n.include \"lib/b.guest\"\nstart: li a0, A + B")
            .Add("guests/lib/a.guest", ".arch loongarch\n.include \"../lib/b.guest\"\n.const A = 1")
            .Add("guests/lib/b.guest", ".const B = 2\nnop");
        var program = GuestAssembler.Assemble("./guests/main.guest", Options(), sources).Program!;
        Assert.Equal(["guests/main.guest", "guests/lib/a.guest", "guests/lib/b.guest"], program.Files);
        Assert.Equal(3, program.Instructions[1].Immediate);
        Assert.Equal(new SourceLocation(2, 2, "nop"), program.Locations[0]);
    }

    [Fact]
    public void A_cycle_of_includes_is_an_error_that_shows_the_chain()
    {
        var sources = new MemorySources()
            .Add(Main, ".arch loongarch\n.include \"a.guest\"\nstart: nop")
            .Add("a.guest", ".include \"b.guest\"")
            .Add("b.guest", "  .include \"a.guest\"");
        var errors = GuestAssembler.Assemble(Main, Options(), sources).Errors;
        Assert.Equal("b.guest:1:12: error: 'a.guest' includes itself: a.guest -> b.guest -> a.guest", errors.Single().ToString());
    }

    [Theory]
    [InlineData(".include \"gone.guest\"", 10, "cannot read gone.guest: there is no such file")]
    [InlineData(".include gone", 10, "expected a file name in quotes after .include, found 'gone'")]
    [InlineData(".include \"/etc/passwd\"", 10, "an include names a file by its path from the folder of this file")]
    [InlineData(".include \"\"", 10, "an include names a file by its path from the folder of this file")]
    public void A_wrong_include_is_reported(string text, int column, string message) =>
        Assert.Equal([$"main.guest:1:{column}: error: {message}"], Errors(text));

    [Fact]
    public void Includes_deeper_than_the_limit_are_refused()
    {
        var sources = new MemorySources().Add(Main, ".arch loongarch\n.include \"1.guest\"\nstart: nop");
        for (var i = 1; i <= 20; i++)
        {
            sources.Add($"{i}.guest", $".include \"{i + 1}.guest\"");
        }

        Assert.Equal("16.guest:1:1: error: includes are nested more than 16 deep", GuestAssembler.Assemble(Main, Options(), sources).Errors.Single().ToString());
    }
}
