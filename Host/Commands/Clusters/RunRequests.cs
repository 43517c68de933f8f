using Trapline.Cluster.Clients;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Host.Reports.Clusters;

namespace Trapline.Host.Commands.Clusters;

/// <summary>Asks something of a run that goes on, waits for the answer and prints it.</summary>
internal sealed class RunRequests(HostConsole console, long run, bool json)
{
    /// <exception cref="CommandException">It was not done.</exception>
    public int Do(Func<CancellationToken, RequestOutcome> ask)
    {
        using var waiting = new CancellationTokenSource();
        using var signals = new InterruptSignals(waiting.Cancel, "to wait: what was asked may be done all the same", console, decides: true);
        var outcome = ask(waiting.Token);
        if (json)
        {
            console.Output.Write(ReportJson.Serialize(new RequestAnswer(run, outcome.Done, outcome.Text)));
        }
        else if (outcome.Done)
        {
            console.Output.WriteLine(outcome.Text);
        }

        return outcome.Done ? ExitCodes.Done : throw new CommandException(ExitCodes.Usage, $"run {run}: {outcome.Text}");
    }
}
