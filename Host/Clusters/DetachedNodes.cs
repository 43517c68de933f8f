using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Trapline.Host.Commands;
using Trapline.Host.Commands.Clusters;

namespace Trapline.Host.Clusters;

/// <summary>Starts nodes that outlive this command and its terminal, and ends them.</summary>
internal static class DetachedNodes
{
    public static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    // A session of its own: neither Ctrl-C nor the end of the terminal reaches it. The number is that of the node itself, for a process in the
    // background of a shell without job control leads no group, and setsid then does not fork.
    private const string Script = """log=$1; shift; if command -v setsid >/dev/null 2>&1; then setsid "$@" </dev/null >>"$log" 2>&1 & else nohup "$@" </dev/null >>"$log" 2>&1 & fi; echo $!""";

    /// <param name="folder">Where its log, state and number are.</param>
    /// <param name="name">Its own.</param>
    /// <param name="cluster">URL; it may have a password in it, so it goes by the environment, which other users do not see.</param>
    /// <param name="threads">That run groups.</param>
    /// <exception cref="CommandException">It cannot be started.</exception>
    public static LocalNode Start(ClusterFolder folder, string name, string cluster, int threads)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        foreach (var word in (string[])[Script, "trapline", folder.Log(name), .. OwnProgram.Command(), "node", "--name", name, "--state", folder.State(name), "--threads", threads.ToString(CultureInfo.InvariantCulture)])
        {
            start.ArgumentList.Add(word);
        }

        start.Environment[ClusterOptions.Variable] = cluster;
        try
        {
            using var shell = Process.Start(start) ?? throw new Win32Exception("no process was started");
            var said = shell.StandardOutput.ReadToEnd();
            shell.WaitForExit();
            return int.TryParse(said.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                ? new LocalNode(name, ProcessIdentity.Of(id))
                : throw new CommandException(ExitCodes.Environment, $"{name} cannot be started: the shell did not say which process it is");
        }
        catch (Win32Exception failure)
        {
            throw new CommandException(ExitCodes.Environment, $"{name} cannot be started: {failure.Message}");
        }
    }

    /// <summary>Asks nodes to leave, waits, and ends those that do not. A process that only has the number of one is left alone.</summary>
    /// <returns>How each ended.</returns>
    public static IReadOnlyList<(LocalNode Node, NodeEnd End)> Stop(IReadOnlyList<LocalNode> nodes, CancellationToken cancellation)
    {
        List<LocalNode> alive = [.. nodes.Where(node => node.IsAlive)];
        alive.ForEach(node => Signal(node, "TERM"));
        var watch = Stopwatch.StartNew();
        while (alive.Any(node => node.IsAlive) && watch.Elapsed < EndPatience && !cancellation.IsCancellationRequested)
        {
            cancellation.WaitHandle.WaitOne(Step);
        }

        List<LocalNode> stubborn = [.. alive.Where(node => node.IsAlive)];
        stubborn.ForEach(node => Signal(node, "KILL"));
        return [.. nodes.Select(node => (node, stubborn.Contains(node) ? NodeEnd.Killed : alive.Contains(node) ? NodeEnd.Left : NodeEnd.Gone))];
    }

    private static void Signal(LocalNode node, string signal)
    {
        if (node.IsAlive)
        {
            using var kill = Process.Start(new ProcessStartInfo("/bin/kill", [$"-{signal}", node.Process!.Id.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true });
            kill?.WaitForExit();
        }
    }
}
