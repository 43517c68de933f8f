using System.Text;
using Trapline.Machines.Scenarios;
using Trapline.Machines.Yaml;
using Xunit;

namespace Trapline.Machines.Tests.Scenarios;

public sealed class HostileInputTests : IDisposable
{
    private readonly ScenarioFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "1:1: error: the file is empty; a scenario is a mapping of keys to values")]
    [InlineData("# only a comment\n", "1:1: error: the file is empty; a scenario is a mapping of keys to values")]
    [InlineData("just words", "1:1: error: the file must be a mapping of keys to values, not 'just words'; its keys are name, description, seed")]
    [InlineData("- a\n- b", "1:1: error: the file must be a mapping of keys to values, not a list; its keys are")]
    [InlineData("a: [1, 2", "1:9: error: this is not valid YAML: ")]
    [InlineData("a: 'x", "1:4: error: this is not valid YAML: ")]
    [InlineData("name: a\u0001b", "1:8: error: character 0x01 does not belong in a text file; is this a scenario?")]
    public void What_is_no_scenario_is_one_clear_error(string text, string expected)
        => Assert.StartsWith(expected, Assert.Single(_folder.Errors(text)), StringComparison.Ordinal);

    [Fact]
    public void Tabs_in_the_indentation_are_named()
        => Assert.Contains("indent with spaces", Assert.Single(_folder.Errors("machine:\n\tboard: loongarch-virt\n")), StringComparison.Ordinal);

    [Fact]
    public void Aliases_anchors_and_tags_are_refused_where_they_stand()
    {
        var text = ScenarioFolder.Valid.Replace("rounds: 1000", "rounds: &r 1000", StringComparison.Ordinal)
            .Replace("gap: 10us", "gap: *r", StringComparison.Ordinal)
            .Replace("seed: 7", "seed: !!int 7", StringComparison.Ordinal);

        Assert.Equal(
            [
                "4:7: error: tags (!name) are not supported; write the value without one",
                "12:13: error: anchors (&name) are not supported; write the value where it is used",
                "13:10: error: aliases (*name) are not supported; write the value out",
            ],
            _folder.Errors(text));
    }

    [Fact]
    public void A_bomb_of_aliases_is_refused_without_expanding_it()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (var level = 1; level < 20; level++)
        {
            bomb.Append($"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 9))}]\n");
        }

        Assert.Contains(_folder.Errors(bomb.ToString()), error => error.EndsWith("aliases (*name) are not supported; write the value out", StringComparison.Ordinal));
    }

    [Fact]
    public void Nesting_is_limited_to_32_levels()
    {
        Assert.DoesNotContain(_folder.Errors("a: " + Nested(30)), error => error.Contains("nested", StringComparison.Ordinal));
        Assert.Equal(["1:35: error: nested deeper than 32 levels; no key of a scenario goes that deep"], _folder.Errors("a: " + Nested(33)));

        static string Nested(int depth) => new string('[', depth) + new string(']', depth);
    }

    [Theory]
    [InlineData("[", 500_000)]
    [InlineData("{", 500_000)]
    [InlineData("- ", 400_000)]
    [InlineData("? ", 400_000)]
    [InlineData("a: ", 300_000)]
    [InlineData("[a, ", 250_000)]
    [InlineData("a\n", 500_000)]
    [InlineData("'", 1_000_000)]
    [InlineData("\"\\", 500_000)]
    [InlineData(" ", 1_000_000)]
    [InlineData("\n", 1_000_000)]
    [InlineData("#", 1_000_000)]
    [InlineData("x", 1_000_000)]
    [InlineData("&a ", 300_000)]
    [InlineData("*a ", 300_000)]
    [InlineData("!", 1_000_000)]
    [InlineData("%", 1_000_000)]
    [InlineData("%TAG ! x\n", 100_000)]
    [InlineData("---\n", 250_000)]
    [InlineData("|\n", 500_000)]
    [InlineData("a: |\n", 200_000)]
    [InlineData("x, ", 300_000)]
    [InlineData("\u2028", 300_000)]
    public void Megabytes_of_one_token_end_quickly(string token, int times)
    {
        var text = new StringBuilder(token.Length * times).Insert(0, token, times).ToString();

        AssertEndsQuickly(() => Assert.NotEmpty(_folder.Load(text).Errors));
    }

    [Fact]
    public void More_than_20000_values_are_refused()
        => Assert.Equal(["1:39999: error: more than 20000 values; this is not a scenario"], _folder.Errors("a: [" + string.Concat(Enumerable.Repeat("1,", 50_000)) + "]"));

    [Fact]
    public void A_file_over_one_mebibyte_is_refused()
    {
        File.WriteAllText(_folder.ScenarioPath, new string(' ', (1 << 20) + 1));

        Assert.Equal($"{_folder.ScenarioPath}: error: the file is larger than 1 MiB; this is not a scenario", Assert.Single(ScenarioLoader.Load(_folder.ScenarioPath).Errors).ToString());
    }

    [Fact]
    public void A_device_without_end_is_refused()
    {
        if (File.Exists("/dev/zero"))
        {
            AssertEndsQuickly(() => Assert.Equal("/dev/zero: error: the file is larger than 1 MiB; this is not a scenario", Assert.Single(ScenarioLoader.Load("/dev/zero").Errors).ToString()));
        }
    }

    [Fact]
    public void Missing_files_and_folders_are_named()
    {
        var missing = _folder.PathOf("none.yaml");
        Assert.Equal($"{missing}: error: there is no such scenario file; check the path", Assert.Single(ScenarioLoader.Load(missing).Errors).ToString());
        Assert.EndsWith("error: this is a folder; name the scenario file in it", Assert.Single(ScenarioLoader.Load(_folder.PathOf("costs")).Errors).ToString(), StringComparison.Ordinal);
        Assert.Single(ScenarioLoader.Load("").Errors);
        Assert.Single(ScenarioLoader.Load("a\0b").Errors);
    }

    [Theory]
    [InlineData(new byte[] { 0x61, 0x3A, 0x0A, 0x20, 0xFF, 0x20 }, "2:2: error: byte 0xFF is not UTF-8; save the scenario as UTF-8 text")]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x61, 0x00 }, "1:1: error: the file is UTF-16; save it as UTF-8")]
    [InlineData(new byte[] { 0x61, 0xE2, 0x82 }, "1:2: error: byte 0xE2 is not UTF-8; save the scenario as UTF-8 text")]
    [InlineData(new byte[] { 0x7F, 0x45, 0x4C, 0x46 }, "1:1: error: character 0x7F does not belong in a text file; is this a scenario?")]
    public void Bytes_that_are_no_text_are_refused_at_their_place(byte[] bytes, string expected)
    {
        File.WriteAllBytes(_folder.ScenarioPath, bytes);

        Assert.Equal(expected, _folder.Short(Assert.Single(ScenarioLoader.Load(_folder.ScenarioPath).Errors)));
    }

    [Fact]
    public void A_second_document_is_refused()
        => Assert.Equal(["27:1: error: a second document starts here; a file holds one scenario"], _folder.Errors(ScenarioFolder.Valid + "\n---\nname: b\n"));

    [Fact]
    public void Errors_are_limited_and_show_nothing_that_disturbs_a_terminal()
    {
        var text = string.Concat(Enumerable.Range(0, 5_000).Select(i => $"\"\\e[31m{i}\": {new string('x', 100)}\n"));

        var errors = _folder.Errors(text);

        Assert.Equal(ErrorList.Limit + 1, errors.Length);
        Assert.All(errors, error => Assert.True(error.Length < 300 && !error.Any(char.IsControl)));
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(1);
        for (var run = 0; run < 2_000; run++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            var errors = new ErrorList("x");
            if (TextFile.Decode(bytes, "scenario", errors) is { } text)
            {
                Assert.NotEmpty(ScenarioLoader.Parse(text, _folder.ScenarioPath).Errors);
            }
            else
            {
                Assert.True(errors.Any);
            }
        }
    }

    [Fact]
    public void Random_words_of_yaml_never_throw()
    {
        string[] words = ["a", ": ", "- ", "\n", "\n  ", "[", "]", "{", "}", ",", "&x ", "*x ", "!t ", "? ", "|", ">", "'", "\"", "\\", "#", "---", "...", "%YAML 1.2", "<<: ", "name", "matrix", "\t", "\u0085", "\uFEFF", "0", "~"];
        var random = new Random(2);
        AssertEndsQuickly(() =>
        {
            for (var run = 0; run < 20_000; run++)
            {
                var text = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => words[random.Next(words.Length)]));
                Assert.NotEmpty(ScenarioLoader.Parse(text, _folder.ScenarioPath).Errors);
            }
        });
    }

    [Fact]
    public void Mutations_of_a_valid_scenario_load_or_say_why_not()
    {
        var random = new Random(3);
        var outcomes = new int[2];
        AssertEndsQuickly(() =>
        {
            for (var run = 0; run < 3_000; run++)
            {
                var text = new StringBuilder(ScenarioFolder.Valid);
                for (var edit = random.Next(1, 4); edit > 0; edit--)
                {
                    Mutate(text, random);
                }

                var result = ScenarioLoader.Parse(text.ToString(), _folder.ScenarioPath);
                Assert.Equal(result.Scenario is null, result.Errors.Count > 0);
                outcomes[result.Scenario is null ? 1 : 0]++;
            }
        });

        // Both ends are reached; so the loop did not only look at files that fail at once.
        Assert.All(outcomes, count => Assert.InRange(count, 100, 2_900));
    }

    internal static void Mutate(StringBuilder text, Random random)
    {
        const string Marks = ":-[]{}\"'&*!|># \n\t0129azµ\uFFFD,%?";
        var at = random.Next(text.Length);
        var length = Math.Min(random.Next(1, 20), text.Length - at);
        switch (random.Next(4))
        {
            case 0:
                text[at] = Marks[random.Next(Marks.Length)];
                break;
            case 1:
                text.Insert(at, Marks[random.Next(Marks.Length)]);
                break;
            case 2 when length < text.Length:
                text.Remove(at, length);
                break;
            default:
                text.Insert(random.Next(text.Length), text.ToString(at, length));
                break;
        }
    }

    /// <summary>A bound that only unbounded work passes, on a loaded machine too.</summary>
    internal static void AssertEndsQuickly(Action work)
    {
        var task = Task.Run(work);
        Assert.True(task.Wait(TimeSpan.FromSeconds(20)), "no end after 20 s");
    }
}
