using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Trapline.Cluster.Coordination;
using Trapline.Host.Commands;
using Trapline.Host.Commands.Clusters;

namespace Trapline.Host.Clusters;

/// <summary>A cluster for one run alone: nodes on loopback that end with this process, however it ends, and a folder that goes with them.</summary>
internal sealed class PrivateCluster : IDisposable
{
    private readonly ClusterFolder _folder = new(Directory.CreateTempSubdirectory("trapline-run-").FullName);
    private readonly Dictionary<string, Process> _nodes = [];
    private int _disposed;

    private PrivateCluster()
    {
    }

    public string Url => _folder.Url;

    /// <summary>Starts the nodes and waits until all are there.</summary>
    /// <exception cref="CommandException">One cannot be started; the others are ended.</exception>
    /// <exception cref="OperationCanceledException">A person waits no longer.</exception>
    public static PrivateCluster Start(int nodes, int threads, CancellationToken cancellation)
    {
        var cluster = new PrivateCluster();
        try
        {
            using var coordination = Coordinations.Open(cluster.Url);
            var names = ClusterFolder.Names(nodes);
            foreach (var name in names)
            {
                cluster._nodes.Add(name, cluster.Start(name, threads));
            }

            // A second Ctrl-C ends this process at once: then too the folder goes.
            AppDomain.CurrentDomain.ProcessExit += cluster.End;
            NodesJoining.Wait(coordination, names, before: 0, cluster.FirstDead, name => LogEnd.Of(cluster._folder.Log(name)), cancellation);
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>A run goes on without some of its nodes, but not without all of them.</summary>
    /// <exception cref="CommandException">None is left.</exception>
    public void Check()
    {
        if (_nodes.Values.All(node => node.HasExited))
        {
            var name = _nodes.Keys.First();
            throw new CommandException(ExitCodes.Environment, $"all {_nodes.Count} nodes of the run have ended; of {name} {LogEnd.Of(_folder.Log(name))}");
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        AppDomain.CurrentDomain.ProcessExit -= End;
        foreach (var node in _nodes.Values)
        {
            // Nobody needs what it still has: it need not leave in order.
            node.Kill();
        }

        foreach (var node in _nodes.Values)
        {
            node.WaitForExit();
            node.Dispose();
        }

        try
        {
            Directory.Delete(_folder.Path, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The system's folder for temporary files is where it may stay.
        }
    }

    private void End(object? sender, EventArgs e) => Dispose();

    private string? FirstDead() => _nodes.FirstOrDefault(node => node.Value.HasExited).Key;

    private Process Start(string name, int threads)
    {
        var words = OwnProgram.Command();
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true };
        // The shell is replaced by the node, which so writes into its log itself.
        foreach (var word in (string[])["-c", """log=$1; shift; exec "$@" >"$log" 2>&1""", "trapline", _folder.Log(name), .. words, "node", "--name", name, "--state", _folder.State(name), "--threads", threads.ToString(CultureInfo.InvariantCulture), "--attended"])
        {
            start.ArgumentList.Add(word);
        }

        start.Environment[ClusterOptions.Variable] = Url;
        try
        {
            return Process.Start(start) ?? throw new Win32Exception("no process was started");
        }
        catch (Win32Exception failure)
        {
            throw new CommandException(ExitCodes.Environment, $"{name} cannot be started: {failure.Message}");
        }
    }
}
