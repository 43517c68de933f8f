using Trapline.Cluster.Clients;
using Trapline.Cluster.Runs;
using Trapline.Host.Clusters;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Machines.Results;
using Trapline.Machines.Scenarios;

namespace Trapline.Host.Commands.Clusters;

/// <summary><c>run FILE --nodes N</c>: on a cluster that exists for this run alone.</summary>
internal sealed class RunOnNodes(HostConsole console, RunArguments arguments)
{
    private ClusterClient? _client;
    private long _run;
    private int _interrupted;
    private bool _stopAsked;

    /// <exception cref="OperationCanceledException">A person ended it before there were results.</exception>
    public RunReport Run(Scenario scenario, OutputFolder files)
    {
        var placement = RunPlacement.Of(arguments, scenario).OrSpread(scenario);
        var submission = ClusterClient.Prepare(ClusterRunRequests.Of(arguments, scenario, placement, TimeSpan.Zero));
        files.RemoveOldReport();
        using var starting = new CancellationTokenSource();
        using var signals = new InterruptSignals(Interrupt, "at the next window", console, decides: true);
        using var cluster = PrivateCluster.Start(arguments.Nodes, arguments.Threads, starting.Token);
        using var client = new ClusterClient(ClusterOptions.Open(cluster.Url));
        _client = client;
        _run = client.Submit(submission);
        client.WriteJournal(_run, files.Journal);
        try
        {
            var report = new ClusterRun(console, client) { Look = () => Look(cluster) }.Follow(_run, CancellationToken.None);
            client.WriteJournal(_run, files.Journal);
            return report;
        }
        catch (RunException failure) when (failure.Failure == RunFailure.Environment && _interrupted != 0)
        {
            throw new OperationCanceledException(failure.Message, failure);
        }

        void Interrupt()
        {
            Volatile.Write(ref _interrupted, 1);
            starting.Cancel();
        }
    }

    private void Look(PrivateCluster cluster)
    {
        cluster.Check();
        if (Volatile.Read(ref _interrupted) != 0 && !_stopAsked)
        {
            _client!.Stop(_run);
            _stopAsked = true;
        }
    }
}
