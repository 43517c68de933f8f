using System.Diagnostics;
using System.Text.Json;

namespace Trapline.Bench.Clusters;

/// <summary>A cluster of this machine, through the program's own commands.</summary>
internal sealed class LocalNodes : IDisposable
{
    private static readonly string Executable = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../Host/bin/Release/net10.0/trapline"));

    private readonly BenchFolder _folder;
    private readonly string _cluster;

    private LocalNodes(BenchFolder folder, string cluster)
    {
        _folder = folder;
        _cluster = cluster;
    }

    private string Url => $"sqlite:{_cluster}/cluster.db";

    public static LocalNodes Up(BenchFolder folder, int nodes)
    {
        if (!File.Exists(Executable))
        {
            throw new FileNotFoundException($"{Executable} is not there: build it with 'dotnet build Host -c Release'");
        }

        var program = new LocalNodes(folder, folder.Next());
        Start(["cluster", "up", "--nodes", $"{nodes}", "--dir", program._cluster]);
        return program;
    }

    /// <summary>Submits a scenario and waits for its results.</summary>
    /// <returns>Wall time of its variants, s.</returns>
    public double Simulate(string scenario, params string[] options)
    {
        var text = Start(["run", Scenarios.PathOf(scenario), "--cluster", Url, "--json", "--out", _folder.Path("out"), .. options]);
        using var report = JsonDocument.Parse(text);
        return report.RootElement.GetProperty("wallSeconds").GetDouble();
    }

    /// <summary>Submits a study and waits for its results.</summary>
    /// <returns>Wall time from the first commit of its run to the last, s.</returns>
    public double Study(string scenario, params string[] options)
    {
        Start(["run", Scenarios.PathOf(scenario), "--cluster", Url, .. options]);
        using var log = JsonDocument.Parse(Say("runs", "log", LastRun(), "--json"));
        var times = log.RootElement.GetProperty("commits").EnumerateArray().Select(commit => commit.GetProperty("at").GetDateTimeOffset()).ToArray();
        return (times[^1] - times[0]).TotalSeconds;
    }

    /// <summary>Submits a scenario; returns the number of its run.</summary>
    public string Begin(string scenario, params string[] options)
    {
        Start(["run", Scenarios.PathOf(scenario), "--cluster", Url, "--detach", .. options]);
        return LastRun();
    }

    /// <summary>A command about this cluster; what it printed, errors too.</summary>
    public string Say(params string[] arguments) => Start([.. arguments, "--cluster", Url], mayFail: true);

    public void Kill(string node) => Process.GetProcessById(int.Parse(File.ReadAllText(Path.Combine(_cluster, $"{node}.pid")).Split()[0])).Kill();

    public void Dispose() => Start(["cluster", "down", "--dir", _cluster], mayFail: true);

    private string LastRun()
    {
        using var runs = JsonDocument.Parse(Say("runs", "list", "--all", "--json"));
        return runs.RootElement.GetProperty("runs").EnumerateArray().Max(run => run.GetProperty("run").GetInt64()).ToString();
    }

    private static string Start(IReadOnlyList<string> arguments, bool mayFail = false)
    {
        using var process = Process.Start(new ProcessStartInfo(Executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 || mayFail
            ? output + (mayFail ? errors.Result : "")
            : throw new InvalidOperationException($"trapline {string.Join(' ', arguments)} ended with {process.ExitCode}: {errors.Result}");
    }
}
