using System.Diagnostics;
using Xunit;

namespace Trapline.Host.Tests;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("trapline ru", "run\nruns")]
    [InlineData("trapline run --se", "--seed\n--seeds")]
    [InlineData("trapline completion f", "fish")]
    [InlineData("trapline new guest --board arm", "arm-virt")]
    public void The_directive_that_the_scripts_use_answers(string typed, string expected)
    {
        var line = new CommandLine();

        Assert.Equal(ExitCodes.Done, line.Run($"[suggest:{typed.Length}]", typed));
        Assert.Equal(expected, line.Output.Trim());
    }

    [Fact]
    public void Scenario_files_and_folders_complete()
    {
        using var folder = new TestFolder();
        CommandLine.Scenario(folder);
        File.WriteAllText(folder.PathOf("notes.txt"), "");
        var typed = $"trapline run {folder.Root}/";
        var line = new CommandLine();

        line.Run($"[suggest:{typed.Length}]", typed);

        Assert.Equal(
            [$"{folder.Root}/costs/", $"{folder.Root}/first.yaml", $"{folder.Root}/guests/"],
            line.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task The_bash_script_does_not_execute_the_names_of_files()
    {
        if (!File.Exists("/bin/bash"))
        {
            Assert.Skip("this system has no bash");
        }

        using var folder = new TestFolder();
        var line = new CommandLine();
        line.Run("completion", "bash");
        var test = line.Output + """
            trapline() { printf '%s\n' 'a$(touch executed).yaml' 'a*' 'b.yaml'; }
            COMP_WORDS=(trapline run a); COMP_CWORD=2; COMP_LINE='trapline run a'; COMP_POINT=14
            _trapline
            printf '<%s>' "${COMPREPLY[@]}"
            """;
        using var bash = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", test]) { WorkingDirectory = folder.Root, RedirectStandardOutput = true })!;

        Assert.Equal("<a$(touch executed).yaml><a*>", await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Root));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void Each_shell_has_a_script_that_asks_the_program(string shell)
    {
        var line = new CommandLine();

        Assert.Equal(ExitCodes.Done, line.Run("completion", shell));
        Assert.Contains("trapline \"[suggest:", line.Output, StringComparison.Ordinal);
        Assert.EndsWith("\n", line.Output, StringComparison.Ordinal);
    }
}
