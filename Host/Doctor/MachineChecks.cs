using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.InteropServices;
using Trapline.Host.Commands;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Machines.Costs;
using Trapline.Machines.Scenarios;
using Trapline.Persistence;
using Trapline.Persistence.Sqlite;

namespace Trapline.Host.Doctor;

/// <summary>Finds out whether this machine can do what the commands need.</summary>
internal sealed class MachineChecks(Terminal terminal)
{
    private const int RuntimeVersion = 10;
    private const long MiB = 1 << 20;
    private const long NeededMemory = 256 * MiB;
    private const long AmpleMemory = 1024 * MiB;
    private const long NeededDisk = 1 * MiB;
    private const long AmpleDisk = 100 * MiB;
    private const int MostFiles = 1_000;
    private static readonly TimeSpan LoopbackLimit = TimeSpan.FromSeconds(5);
    private static readonly string[] ScenarioFolders = [".", "scenarios"];

    public DoctorReport Run()
    {
        List<CheckRow> checks = [Program(), Runtime(), Cores(), Memory(), TimerResolution(), Loopback(), Folder(), Disk(), Database(), Scenarios(), Costs(), TerminalCheck()];
        return new(checks.All(check => check.Status != CheckStatus.Failed), checks);
    }

    private static CheckRow Program()
    {
        var version = typeof(MachineChecks).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        return new("trapline", CheckStatus.Ok, $"{version}, {RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.ProcessArchitecture}");
    }

    private static CheckRow Runtime()
        => Environment.Version.Major >= RuntimeVersion
            ? new(".NET runtime", CheckStatus.Ok, RuntimeInformation.FrameworkDescription)
            : new(".NET runtime", CheckStatus.Failed, RuntimeInformation.FrameworkDescription, $"install the .NET {RuntimeVersion} runtime");

    private static CheckRow Cores()
        => Environment.ProcessorCount > 1
            ? new("cores", CheckStatus.Ok, $"{Environment.ProcessorCount}")
            : new("cores", CheckStatus.Warning, "1", "--threads and --nodes will not be faster; results are the same");

    private static CheckRow Memory()
    {
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var found = $"{available / MiB} MiB for this process";
        return available switch
        {
            < NeededMemory => new("memory", CheckStatus.Failed, found, $"give it {NeededMemory / MiB} MiB or more: the limit of the container, DOTNET_GCHeapHardLimit"),
            < AmpleMemory => new("memory", CheckStatus.Warning, found, $"enough for small machines; 256 vCPUs want {AmpleMemory / MiB} MiB"),
            _ => new("memory", CheckStatus.Ok, found),
        };
    }

    private static CheckRow TimerResolution()
    {
        var found = $"{1e9 / Stopwatch.Frequency:0.###} ns";
        return Stopwatch.IsHighResolution
            ? new("timer", CheckStatus.Ok, found)
            : new("timer", CheckStatus.Warning, found, "wall times and messages/s are coarse; results are in virtual time and the same");
    }

    /// <summary>The two processes of <c>--nodes 2</c> talk over loopback.</summary>
    private static CheckRow Loopback()
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            using var client = new TcpClient();
            var connected = client.ConnectAsync(IPAddress.Loopback, port).Wait(LoopbackLimit);
            return connected
                ? new("loopback", CheckStatus.Ok, $"127.0.0.1:{port} bound and connected")
                : new("loopback", CheckStatus.Failed, $"127.0.0.1:{port} bound, but no answer", "--nodes 2 needs it: let a firewall pass connections on lo");
        }
        catch (Exception failure) when (failure is SocketException or AggregateException { InnerException: SocketException })
        {
            return new("loopback", CheckStatus.Failed, failure.GetBaseException().Message, "--nodes 2 needs TCP on 127.0.0.1: bring lo up, allow sockets");
        }
    }

    private static CheckRow Folder()
    {
        // Where a run would make the folder it is not made now: the current one is tried instead.
        var folder = Directory.Exists(OutputFolder.DefaultRoot) ? OutputFolder.DefaultRoot : ".";
        try
        {
            OutputFolder.Open(folder).Dispose();
            return new("output folder", CheckStatus.Ok, Path.GetFullPath(OutputFolder.DefaultRoot));
        }
        catch (CommandException failure)
        {
            return new("output folder", CheckStatus.Failed, failure.Message, "or work in another folder");
        }
    }

    private static CheckRow Disk()
    {
        try
        {
            var free = new DriveInfo(Path.GetFullPath(".")).AvailableFreeSpace;
            var found = $"{free / MiB} MiB free";
            return free switch
            {
                < NeededDisk => new("disk", CheckStatus.Failed, found, "make room, or name a folder on another disk with --out"),
                < AmpleDisk => new("disk", CheckStatus.Warning, found, "a trace or a large report may not fit"),
                _ => new("disk", CheckStatus.Ok, found),
            };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new("disk", CheckStatus.Warning, failure.Message, "how much is free is unknown");
        }
    }

    private static CheckRow Database()
    {
        try
        {
            return new("SQLite", CheckStatus.Ok, SqliteLibrary.Version);
        }
        catch (CheckpointException failure)
        {
            return new("SQLite", CheckStatus.Warning, failure.Message, "checkpoints need it, or a PostgreSQL store; nothing else does");
        }
    }

    private static CheckRow Scenarios()
    {
        var count = ScenarioFolders.SelectMany(Files).Count(file => ScenarioLoader.Load(file).Scenario is not null);
        return count > 0
            ? new("scenarios", CheckStatus.Ok, $"{count} in {string.Join(" and ", ScenarioFolders)}")
            : new("scenarios", CheckStatus.Warning, $"none in {string.Join(" and ", ScenarioFolders)}", "write one with 'trapline new scenario NAME', or name its path");
    }

    private static CheckRow Costs()
    {
        var profiles = ScenarioFolders.SelectMany(folder => Files(Path.Combine(folder, "costs"))).ToList();
        var wrong = profiles.Where(file => CostProfileLoader.Load(file).Profile is null).ToList();
        if (wrong.Count > 0)
        {
            return new("cost profiles", CheckStatus.Warning, $"{wrong.Count} of {profiles.Count} with errors", $"trapline validate {wrong[0]}");
        }

        return profiles.Count > 0
            ? new("cost profiles", CheckStatus.Ok, $"{profiles.Count}: {string.Join(", ", profiles.Take(5).Select(Path.GetFileNameWithoutExtension))}")
            : new("cost profiles", CheckStatus.Warning, "none in costs and scenarios/costs", "'trapline new scenario NAME' writes one beside the scenario");
    }

    private static IEnumerable<string> Files(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, "*.yaml").Take(MostFiles).Order(StringComparer.Ordinal)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private CheckRow TerminalCheck()
    {
        if (!terminal.IsTerminal)
        {
            return new("terminal", CheckStatus.Ok, "none: plain text, no progress line");
        }

        var found = $"{terminal.Width} columns, {(terminal.Colours ? "colours" : "no colours")}, {(terminal.Unicode ? "Unicode" : "ASCII")}";
        return terminal.Width >= Terminal.LayoutWidth
            ? new("terminal", CheckStatus.Ok, found)
            : new("terminal", CheckStatus.Warning, found, $"results are laid out for {Terminal.LayoutWidth} columns: widen it");
    }
}
