using Trapline.Cluster.Clients;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;

namespace Trapline.Host.Commands.Clusters;

/// <summary>A run that a person follows, whoever handed it over. The run is the cluster's: Ctrl-C ends the following, not the run.</summary>
/// <param name="console">Where the person is.</param>
/// <param name="client">Of the cluster.</param>
/// <param name="run">Its number.</param>
/// <param name="given">The cluster as the command line names it; null where it does not.</param>
internal sealed class FollowedRun(HostConsole console, ClusterClient client, long run, string? given)
{
    public static string Goes(long run, string? given, string place) =>
        $"run {run} goes on in the cluster: 'trapline runs attach {run}{ClusterOptions.Suffix(given, place)}' follows it, 'trapline runs stop {run}{ClusterOptions.Suffix(given, place)}' stops it";

    /// <summary>Follows it to its end, writes report and journal, prints; the exit code.</summary>
    public int Deliver(OutputFolder files, ReportDelivery delivery) => Finish(() =>
    {
        var report = client.Report(run);
        client.WriteJournal(run, files.Journal);
        return delivery.Deliver(report, files);
    });

    /// <summary>Follows it to its end, and then does this.</summary>
    public int Finish(Func<int> finish)
    {
        using (var following = new CancellationTokenSource())
        using (new InterruptSignals(following.Cancel, "to follow it", console, decides: true))
        {
            // Only now: whoever reads it may interrupt.
            console.WriteNote($"run {run} of {client.Place}");
            try
            {
                new ClusterRun(console, client).Wait(run, following.Token);
            }
            catch (OperationCanceledException)
            {
                console.WriteNote(Goes(run, given, client.Place));
                return ExitCodes.Interrupted;
            }
        }

        return finish();
    }
}
