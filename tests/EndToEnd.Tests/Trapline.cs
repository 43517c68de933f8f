using System.Diagnostics;
using System.Text;
using Xunit;

namespace Trapline.EndToEnd.Tests;

/// <summary>The built program as a user starts it: a process with arguments, two streams and an exit code.</summary>
internal sealed class Trapline : IDisposable
{
    /// <summary>Far longer than any command here takes; reaching it is a hang, and the message says of what.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly TaskCompletionSource _outputEnd = new();
    private readonly TaskCompletionSource _errorEnd = new();
    private readonly string _command;

    private Trapline(Process process, string command)
    {
        Process = process;
        _command = command;
        process.OutputDataReceived += (_, line) => Keep(_output, line.Data, _outputEnd);
        process.ErrorDataReceived += (_, line) => Keep(_error, line.Data, _errorEnd);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public static string Root { get; } = FindRoot();

    /// <summary>The program of the configuration that is tested.</summary>
    public static string Program { get; } = Path.Combine(
        Root, "Host", "bin", AppContext.BaseDirectory.Contains("/Debug/", StringComparison.Ordinal) ? "Debug" : "Release", "net10.0", "trapline");

    public Process Process { get; }

    public string Output => Read(_output);

    public string Error => Read(_error);

    public static string Scenario(string name) => Path.Combine(Root, "scenarios", name + ".yaml");

    /// <summary>Starts it and goes on.</summary>
    public static Trapline Start(string folder, params string[] arguments) => StartProgram(Program, folder, arguments);

    /// <summary>As <see cref="Run"/>, with redirections of a shell behind the arguments.</summary>
    public static Trapline RunShell(string folder, int exitCode, string arguments)
    {
        var run = StartProgram("/bin/sh", folder, ["-c", $"'{Program}' {arguments}"]);
        run.WaitFor(exitCode);
        return run;
    }

    /// <summary>Runs it to its end and expects this exit code.</summary>
    public static Trapline Run(string folder, int exitCode, params string[] arguments)
    {
        var run = Start(folder, arguments);
        run.WaitFor(exitCode);
        return run;
    }

    public void WaitFor(int exitCode)
    {
        if (!Process.WaitForExit(Patience))
        {
            Process.Kill(entireProcessTree: true);
            Assert.Fail($"{_command}: no end after {Patience.TotalSeconds} s; expected exit code {exitCode}\n{Said()}");
        }

        Task.WaitAll([_outputEnd.Task, _errorEnd.Task], Patience);
        Assert.True(Process.ExitCode == exitCode, $"{_command}: exit code {Process.ExitCode}, expected {exitCode}\n{Said()}");
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", Error, StringComparison.Ordinal);
    }

    /// <summary>Sends a signal by its number.</summary>
    public void Signal(int number)
    {
        using var kill = Process.Start("/bin/kill", [$"-{number}", Process.Id.ToString()]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!Process.HasExited)
        {
            Process.Kill(entireProcessTree: true);
        }

        Process.Dispose();
    }

    private static Trapline StartProgram(string program, string folder, string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Array.ForEach(arguments, start.ArgumentList.Add);
        start.Environment["DOTNET_NOLOGO"] = "1";
        return new Trapline(Process.Start(start)!, $"trapline {string.Join(' ', arguments)}");
    }

    private string Said() => $"--- stdout\n{Output}\n--- stderr\n{Error}";

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    private static void Keep(StringBuilder text, string? line, TaskCompletionSource end)
    {
        if (line is null)
        {
            end.TrySetResult();
            return;
        }

        lock (text)
        {
            text.Append(line).Append('\n');
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Simulation.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no folder above {AppContext.BaseDirectory} holds Simulation.sln");
    }
}
