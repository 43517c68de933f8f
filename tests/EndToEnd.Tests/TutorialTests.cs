using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

namespace Trapline.EndToEnd.Tests;

/// <summary>The tutorial, as a reader would follow it: in an empty folder, each block in its order, with the output that the page shows.</summary>
[Trait("Runs", "Once")]
public sealed class TutorialTests : IDisposable
{
    /// <summary>Stands for lines, or for a part of one, that the page leaves out.</summary>
    private const string LeftOut = "...";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly WorkFolder _folder = new();
    private int _exitCode;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_step_of_the_tutorial_does_what_the_page_says()
    {
        var steps = TutorialStep.Read(File.ReadAllText(Path.Combine(Trapline.Root, "docs", "tutorial.md")));

        Assert.Contains(steps, step => step.Target.Contains("--seeds", StringComparison.Ordinal));
        foreach (var step in steps)
        {
            switch (step.Kind)
            {
                case "console":
                    Compare(step, Shell(step.Target));
                    break;
                case "diff":
                    Change(step);
                    break;
                default:
                    _folder.Write(step.Target, string.Join('\n', step.Lines) + "\n");
                    break;
            }
        }
    }

    [Fact]
    public void A_block_that_would_not_be_tested_is_an_error()
    {
        Assert.Throws<InvalidOperationException>(() => TutorialStep.Read("```\ntrapline run x\n```\n"));
        Assert.Throws<InvalidOperationException>(() => TutorialStep.Read("```console\ntrapline run x\n```\n"));
    }

    [Fact]
    public void The_page_is_found_from_the_README_and_the_manual()
    {
        Assert.Contains("(docs/tutorial.md)", File.ReadAllText(Path.Combine(Trapline.Root, "README.md")), StringComparison.Ordinal);
        Assert.Contains("(../tutorial.md)", File.ReadAllText(Path.Combine(Trapline.Root, "docs", "manual", "README.md")), StringComparison.Ordinal);
    }

    /// <summary>The lines that the page shows, in their order; between those that touch there is nothing.</summary>
    private static void Compare(TutorialStep step, string[] printed)
    {
        var at = 0;
        var skip = false;
        foreach (var line in step.Lines)
        {
            if (line == LeftOut)
            {
                skip = true;
                continue;
            }

            // Lines that are in part left out stand for themselves.
            var partly = line.Contains(LeftOut, StringComparison.Ordinal);
            var pattern = new Regex($"^{Regex.Escape(line).Replace(Regex.Escape(LeftOut), ".*", StringComparison.Ordinal)}$");
            var found = Array.FindIndex(printed, Math.Min(at, printed.Length), pattern.IsMatch);
            Assert.True(
                found >= 0 && (skip || partly || found == at),
                $"docs/tutorial.md:{step.Line}: '{step.Target}' should print, {(skip ? "somewhere from" : "at")} line {at + 1} on:\n{line}\nIt printed:\n{string.Join('\n', printed)}");
            (at, skip) = (found + 1, false);
        }

        Assert.True(skip || step.Lines.Count == 0 || at == printed.Length || step.Lines[^1].Contains(LeftOut, StringComparison.Ordinal), $"docs/tutorial.md:{step.Line}: '{step.Target}' printed more than the page shows:\n{string.Join('\n', printed[at..])}");
    }

    /// <summary>Context and removed lines must stand there once; context and added ones take their place.</summary>
    private void Change(TutorialStep step)
    {
        var path = Path.Combine(_folder.Path, step.Target);
        var text = File.ReadAllText(path);
        var before = string.Concat(step.Lines.Where(line => line[0] != '+').Select(line => line[1..] + "\n"));
        var after = string.Concat(step.Lines.Where(line => line[0] != '-').Select(line => line[1..] + "\n"));
        Assert.True(text.Split(before).Length == 2, $"docs/tutorial.md:{step.Line}: {step.Target} should hold these lines once:\n{before}");
        File.WriteAllText(path, text.Replace(before, after, StringComparison.Ordinal));
    }

    /// <summary>What the command prints on stdout: where files are, and warnings, the page leaves to the reader's terminal.</summary>
    private string[] Shell(string command)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"(exit {_exitCode}); {command} 2>/dev/null"])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
        };
        start.Environment["PATH"] = $"{Path.GetDirectoryName(Trapline.Program)}:{start.Environment["PATH"]}";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"'{command}': no end after {Patience.TotalSeconds} s");
        }

        _exitCode = process.ExitCode;
        var text = output.GetAwaiter().GetResult();
        return text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');
    }
}
