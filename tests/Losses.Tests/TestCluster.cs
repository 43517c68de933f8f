using System.Text.Json;
using Microsoft.Data.Sqlite;
using Trapline.Cluster.Chaos;
using Trapline.Cluster.Clients;
using Trapline.Cluster.Coordination;
using Trapline.Messages;
using Xunit;

namespace Trapline.Losses.Tests;

/// <summary>A cluster of real processes in a folder of its own, that goes with the test.</summary>
internal sealed class TestCluster : IDisposable
{
    /// <summary>Far longer than anything here takes, on a machine that has other work too.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public static readonly string Program = Path.Combine(
        Rack.Root, "Host", "bin", AppContext.BaseDirectory.Contains("/Debug/", StringComparison.Ordinal) ? "Debug" : "Release", "net10.0", "trapline");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("trapline-losses-");

    /// <param name="nodes">How many.</param>
    /// <param name="url">Of the database; null for a file.</param>
    /// <param name="change">To the settings that all tests have.</param>
    public TestCluster(int nodes, string? url = null, Func<LocalClusterSettings, LocalClusterSettings>? change = null)
    {
        var settings = new LocalClusterSettings { Command = [Program], Folder = _folder.FullName, Lease = TimeSpan.FromSeconds(1), Stall = TimeSpan.FromSeconds(1) };
        Local = LocalCluster.Start(url ?? $"sqlite:{File}", nodes, change is null ? settings : change(settings), Patience);
    }

    public string File => Path.Combine(_folder.FullName, "cluster.db");

    public string Folder => _folder.FullName;

    public LocalCluster Local { get; }

    public ClusterClient Client => Local.Client;

    public long Submit(VirtualTime until, double checkpointSeconds = 0.3) => Submit(Rack.Request(until, TimeSpan.FromSeconds(checkpointSeconds)));

    public long Submit(ClusterRunRequest request) => Client.Submit(ClusterClient.Prepare(request));

    /// <summary>Waits until the run is so; the status that was.</summary>
    public RunStatus Until(long run, Func<RunStatus, bool> holds, string what, TimeSpan? patience = null)
    {
        var until = DateTime.UtcNow + (patience ?? Patience);
        while (true)
        {
            try
            {
                if (Client.Status(run) is { } status && holds(status))
                {
                    return status;
                }
            }
            catch (CoordinationException failure) when (failure.Failure == CoordinationFailure.Unavailable)
            {
                // Later again.
            }

            Assert.True(DateTime.UtcNow < until, $"not within {patience ?? Patience}: {what}\n{Said(run)}");
            Thread.Sleep(25);
        }
    }

    /// <summary>Waits until a node has said this.</summary>
    public void UntilSaid(string text)
    {
        var until = DateTime.UtcNow + Patience;
        while (!Local.Log.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            Assert.True(DateTime.UtcNow < until, $"not said within {Patience}: {text}\n{string.Join('\n', Local.Log)}");
            Thread.Sleep(25);
        }
    }

    /// <summary>Waits until a node has written down on its own disk that it has seen the run at this revision, or at a later one.</summary>
    public void UntilRemembered(long run, long revision)
    {
        var until = DateTime.UtcNow + Patience;
        while (!Directory.EnumerateFiles(Folder, "epochs-*.json", SearchOption.AllDirectories).Any(file => Remembered(file, run) >= revision))
        {
            Assert.True(DateTime.UtcNow < until, $"no node remembers revision {revision} within {Patience}\n{Said(run)}");
            Thread.Sleep(25);
        }
    }

    /// <summary>Waits for the end: the digest is the undisturbed one, and the log of commits keeps its laws.</summary>
    public void EndsAsUndisturbed(long run, VirtualTime until)
    {
        Until(run, status => status.Row.Phase != RunPhase.Open, "the run is over");
        Check(run, until);
    }

    public void Check(long run, VirtualTime until)
    {
        Assert.True(Client.Status(run)!.Row.Phase == RunPhase.Done, Said(run));
        Assert.True(Rack.Undisturbed(until).Digest == Client.Report(run).Digest, $"another digest\n{Said(run)}");
        Assert.True(CommitLaws.Broken(Client.Commits(run)) is [], $"{string.Join('\n', CommitLaws.Broken(Client.Commits(run)))}\n{Said(run)}");
    }

    /// <summary>As a backup has it. Not with <see cref="System.IO.File.Copy(string, string)"/>: what was committed lies in two files.</summary>
    public void CopyDatabase(string to)
    {
        using var from = new SqliteConnection($"Data Source={File};Pooling=False");
        using var copy = new SqliteConnection($"Data Source={to};Pooling=False");
        from.Open();
        copy.Open();
        from.BackupDatabase(copy);
    }

    /// <summary>No process may have it open.</summary>
    public void PutBack(string copy)
    {
        System.IO.File.Delete(File + "-wal");
        System.IO.File.Delete(File + "-shm");
        System.IO.File.Copy(copy, File, overwrite: true);
    }

    /// <summary>For a test that fails: what was committed, and what the nodes said.</summary>
    public string Said(long run) => string.Join('\n', [.. Client.Commits(run).Select(commit => commit.ToString()), .. Local.Log]);

    private static long Remembered(string file, long run)
    {
        using var runs = JsonDocument.Parse(System.IO.File.ReadAllBytes(file));
        return runs.RootElement.TryGetProperty($"{run}", out var seen) ? seen.GetProperty("Revision").GetInt64() : 0;
    }

    public void Dispose()
    {
        Local.Dispose();
        _folder.Delete(recursive: true);
    }
}
