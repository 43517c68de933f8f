using Trapline.Cluster.Clients;
using Trapline.Cluster.Coordination;
using Trapline.Cluster.Runs;
using Trapline.Host.Rendering;
using Trapline.Machines.Results;

namespace Trapline.Host.Commands.Clusters;

/// <summary>Follows a run of a cluster until it is over. The run is the cluster's: Ctrl-C ends the following, not the run.</summary>
internal sealed class ClusterRun(HostConsole console, ClusterClient client)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <exception cref="OperationCanceledException">A person follows it no longer.</exception>
    public RunReport Follow(long run, CancellationToken cancellation)
    {
        using var progress = console.ErrorTerminal.IsTerminal ? new ClusterProgressLine(console) : null;
        var silent = false;
        while (true)
        {
            try
            {
                var status = client.Status(run) ?? throw new RunException(RunFailure.Input, $"there is no run {run} in {client.Place}");
                silent = false;
                if (status.Row.Phase != RunPhase.Open)
                {
                    return client.Report(run);
                }

                progress?.Show(status);
                client.Wait(LookEvery, cancellation);
            }
            catch (CoordinationException failure) when (failure.Failure == CoordinationFailure.Unavailable)
            {
                if (!silent)
                {
                    console.WriteWarning($"{failure.Message.TrimEnd('.')}; the run goes on without it, and is followed again when it answers");
                }

                silent = true;
                cancellation.WaitHandle.WaitOne(LookEvery);
            }

            cancellation.ThrowIfCancellationRequested();
        }
    }
}
