using System.Diagnostics;
using System.Text;
using Trapline.Machines.Assembly;
using Xunit;
using static Trapline.Machines.Tests.Assembly.Assembling;

namespace Trapline.Machines.Tests.Assembly;

/// <summary>Whatever the source: errors, never an exception, in bounded time.</summary>
public sealed class HostileInputTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private static AssemblyResult AssembleBytes(byte[] content)
    {
        var clock = Stopwatch.StartNew();
        var result = GuestAssembler.Assemble(Main, Options(), new MemorySources().Add(Main, content));
        Assert.True(clock.Elapsed < Bound, $"took {clock.Elapsed}");
        Assert.NotEqual(result.Program is null, result.Errors.Count == 0);
        Assert.InRange(result.Errors.Count, 0, 20);
        Assert.All(result.Errors, error => Assert.True(error.Line >= 1 && error.Column >= 1 && error.Message.Length > 0));
        return result;
    }

    private static string Only(string text) => AssembleBytes(Encoding.UTF8.GetBytes(".arch loongarch\nstart: nop\n" + text)).Errors[0].ToString();

    [Fact]
    public void Random_bytes_are_refused()
    {
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var bytes = new byte[random.Next(1, 3000)];
            random.NextBytes(bytes);
            Assert.Null(AssembleBytes(bytes).Program);
        }
    }

    [Fact]
    public void Random_words_of_the_language_are_survived()
    {
        string[] words = [".if", ".else", ".endif", ".macro", ".endm", ".rept", ".endr", ".const", ".param", ".shared", ".percpu", ".org", ".align", ".entry", ".include", ".error",
            "add", "ld.d", "b", "li", "work", "mark", "x", "y", "M", ".l", ":", ",", "=", "(", ")", "[", "]", "+", "-", "/", "<<", "1", "0x40", "5us", "'c'", "\"t\"", "a0", "zero", "\\x", "\\@", "\\+", "\\()", "\n", "\n", "\n", "#"];
        var random = new Random(2);
        for (var i = 0; i < 3000; i++)
        {
            var text = new StringBuilder(".arch loongarch\nstart: nop\n");
            for (var j = random.Next(80); j > 0; j--)
            {
                text.Append(words[random.Next(words.Length)]).Append(random.Next(4) == 0 ? "" : " ");
            }

            AssembleBytes(Encoding.UTF8.GetBytes(text.ToString()));
        }
    }

    [Fact]
    public void Random_mutations_of_valid_guests_are_survived()
    {
        var random = new Random(3);
        foreach (var file in Directory.GetFiles(RepositoryFiles.Path("scenarios/guests/lib"), "*.guest").Order())
        {
            var original = File.ReadAllBytes(file);
            for (var i = 0; i < 300; i++)
            {
                AssembleBytes(Mutate(original, random));
            }
        }
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var j = random.Next(1, 6); j > 0; j--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(32, 127);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 40), bytes.Count - at));
                    bytes.Add((byte)'\n');
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - 1), 1));
                    break;
                default:
                    var from = random.Next(bytes.Count);
                    bytes.InsertRange(at, bytes.GetRange(from, Math.Min(random.Next(1, 200), bytes.Count - from)));
                    break;
            }
        }

        return [.. bytes];
    }

    [Fact]
    public void What_is_no_text_is_refused_at_the_first_wrong_byte()
    {
        Assert.Equal("main.guest:2:4: error: this is not UTF-8 text; is it a guest's source?", AssembleBytes([.. "nop\nadd"u8, 0xFF, .. "\nx"u8]).Errors[0].ToString());
        Assert.Equal("main.guest:1:4: error: the control character U+0000 is not allowed; is this a guest's source?", AssembleBytes([.. "nop"u8, 0]).Errors[0].ToString());
        Assert.Contains("U+001B", AssembleBytes([.. "nop \e[2J"u8]).Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_is_skipped() =>
        Assert.NotNull(AssembleBytes([0xEF, 0xBB, 0xBF, .. ".arch loongarch\nstart: nop"u8]).Program);

    [Fact]
    public void Files_and_lines_have_a_greatest_length()
    {
        Assert.Equal("main.guest:1:1: error: cannot read the guest: it is bigger than 1 MiB", AssembleBytes(new byte[(1 << 20) + 1]).Errors[0].ToString());
        Assert.Equal("main.guest:3:4097: error: the line is longer than 4096 characters", Only(new string('x', 1_000_000)));
    }

    [Theory]
    [InlineData(".macro M\nM\n.endm\nM", "macros and repetitions are nested more than 64 deep; does one invoke itself without end?")]
    [InlineData(".macro M a\nM \\a\\a\\a\n.endm\nM xxxx", "becomes longer than 4096 characters")]
    [InlineData(".macro M\n.rept 1000\nN\n.endr\n.endm\n.macro N\n.rept 1000\nO\n.endr\n.endm\n.macro O\n.rept 1000\n.endr\n.endm\nM", "the guest has more than 1,000,000 lines after macros and repetitions are expanded")]
    [InlineData(".rept 1000\n.rept 1000\n.rept 1000\n.endr\n.endr\n.endr", "the guest has more than 1,000,000 lines after macros and repetitions are expanded")]
    [InlineData(".rept 65536\nnop\n.endr", "a guest has at most 65,536 instructions, gaps included")]
    [InlineData(".rept 70000\nassert.eq a0, 0, \"text \\+\"\n.endr", "a guest has at most 65,536 instructions, gaps included")]
    [InlineData(".shared a, 16777216\n.shared b, 1", "the .shared symbols need more than 16777216 bytes together")]
    [InlineData(".rept 1000000\nx", ".rept without .endr")]
    public void What_would_grow_without_bound_is_stopped(string text, string message) =>
        Assert.Contains(message, Only(text), StringComparison.Ordinal);

    [Fact]
    public void Text_that_macros_multiply_is_bounded()
    {
        var wide = string.Join(" + ", Enumerable.Repeat("later", 200));
        Assert.Contains("more than 8 MiB of text", Only($".rept 60000\nli a0, {wide}\n.endr"), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_symbols_do_not_make_hints_slow()
    {
        var text = string.Concat(Enumerable.Range(0, 60_000).Select(i => $"n{i:x7}:\n")) + string.Concat(Enumerable.Repeat("li a0, nabcdefg0\n", 30));
        Assert.Contains("'nabcdefg0' is not defined", Only(text), StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_show_no_characters_that_act_on_a_terminal() =>
        Assert.DoesNotContain('\u202E', Only("li a0, \u202E1"));

    [Fact]
    public void The_same_source_gives_the_same_program()
    {
        var text = File.ReadAllText(RepositoryFiles.Path("scenarios/guests/lib/loongarch.inc.guest")) + "start: li a0, IPI_SEND\ncount a\nmark b\nrandom a0, 4";
        var (first, second) = (Assemble(text).Program!, Assemble(text).Program!);
        Assert.Equal(first.Instructions, second.Instructions);
        Assert.Equal(first.Locations, second.Locations);
        Assert.Equal(first.Symbols, second.Symbols);
        Assert.Equal(first.Counters, second.Counters);
        Assert.Equal(first.Marks, second.Marks);
        Assert.Equal(first.EntryPoint, second.EntryPoint);
    }
}
