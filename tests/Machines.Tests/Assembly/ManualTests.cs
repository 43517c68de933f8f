using System.Text.RegularExpressions;
using Trapline.Machines.Assembly;
using Xunit;
using static Trapline.Machines.Tests.Assembly.Assembling;

namespace Trapline.Machines.Tests.Assembly;

/// <summary>The manual's pages on the language and its library say what the assembler does and what there is.</summary>
public sealed partial class ManualTests
{
    private static readonly string Page = File.ReadAllText(RepositoryFiles.Path("docs/manual/guest-language.md"));

    private static readonly string LibraryPage = File.ReadAllText(RepositoryFiles.Path("docs/manual/guest-library.md"));

    /// <summary>Inside a table the page has to write a bar with a backslash.</summary>
    private static readonly string Listed = Page.Replace("\\|", "|", StringComparison.Ordinal);

    [GeneratedRegex("```guest\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example { get; }

    [Fact]
    public void Every_example_assembles()
    {
        var examples = Example.Matches(Page + LibraryPage).Select(match => match.Groups[1].Value).ToList();
        Assert.True(examples.Count >= 8);
        Assert.All(examples, example =>
        {
            // An example without a head is a part of a guest.
            var text = example.Contains(".arch", StringComparison.Ordinal) ? example : ".arch loongarch\n" + example;
            text = text.Contains("start:", StringComparison.Ordinal) ? text : text + "\nstart: nop";
            // Examples name the library as a guest beside its folder does.
            var main = RepositoryFiles.Path("scenarios/guests/example.guest");
            Assert.Empty(GuestAssembler.Assemble(main, Options(), new ExampleReader(main, text)).Errors.Select(error => $"{error}\n{text}"));
        });
    }

    [Fact]
    public void Every_instruction_form_is_listed() =>
        Assert.All(Dialect.All.SelectMany(dialect => dialect.Instructions.All), form => Assert.Contains($"`{form.Usage}`", Listed, StringComparison.Ordinal));

    [Fact]
    public void Every_file_of_the_library_is_listed() =>
        Assert.All(
            Directory.EnumerateFiles(RepositoryFiles.Path("scenarios/guests/lib"), "*", SearchOption.AllDirectories).Select(file => Path.GetFileName(file)),
            file => Assert.Contains($"| `{file}` |", LibraryPage, StringComparison.Ordinal));

    private sealed class ExampleReader(string main, string text) : IGuestSourceReader
    {
        private readonly FileGuestSourceReader _files = new();

        public byte[]? Read(string path, int maxBytes, out string problem)
        {
            problem = "";
            return path == main ? System.Text.Encoding.UTF8.GetBytes(text) : _files.Read(path, maxBytes, out problem);
        }
    }
}
