using Trapline.Cluster.Clients;
using Trapline.Cluster.Coordination;
using Trapline.Cluster.Runs;
using Trapline.Host.Rendering;
using Trapline.Machines.Results;

namespace Trapline.Host.Commands.Clusters;

/// <summary>Watches a run of a cluster until it is over, also while its database is away.</summary>
internal sealed class ClusterRun(HostConsole console, ClusterClient client)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LeastStep = TimeSpan.FromMilliseconds(100);

    /// <summary>Called again and again; what it throws ends the watching.</summary>
    public Action Look { get; init; } = static () => { };

    /// <exception cref="RunException">It has no results.</exception>
    /// <exception cref="OperationCanceledException">A person follows it no longer.</exception>
    public RunReport Follow(long run, CancellationToken cancellation)
    {
        Wait(run, cancellation);
        return client.Report(run);
    }

    /// <exception cref="OperationCanceledException">A person follows it no longer.</exception>
    public void Wait(long run, CancellationToken cancellation)
    {
        using var progress = console.ErrorTerminal.IsTerminal ? new ClusterProgressLine(console) : null;
        var silent = false;
        while (true)
        {
            try
            {
                Look();
                var phase = client.Phase(run) ?? throw new RunException(RunFailure.Input, $"there is no run {run} in {client.Place}");
                silent = false;
                if (phase != RunPhase.Open)
                {
                    return;
                }

                // Only for a person: every change of the database comes by here, and a status is all that anybody said.
                if (progress is not null && client.Status(run) is { } status)
                {
                    progress.Show(status);
                }

                // Nodes of this machine need the processor more than who waits for them.
                if (!cancellation.WaitHandle.WaitOne(LeastStep))
                {
                    client.Wait(LookEvery, cancellation);
                }
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
