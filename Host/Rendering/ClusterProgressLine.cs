using Trapline.Cluster.Clients;
using Trapline.Messages;

namespace Trapline.Host.Rendering;

/// <summary>One line on a terminal that says how far a run of a cluster is.</summary>
internal sealed class ClusterProgressLine(HostConsole console) : IDisposable
{
    private bool _shown;

    public void Show(RunStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        console.Error.Write(Terminal.EraseLine + Quantity.Cut(Text(status), Math.Max(1, console.ErrorTerminal.Width - 1)));
        console.Error.Flush();
        _shown = true;
    }

    public void Dispose()
    {
        if (_shown)
        {
            console.Error.Write(Terminal.EraseLine);
        }
    }

    private static string Text(RunStatus status)
    {
        var done = status.Jobs.Count(job => job.State == "done");
        var head = $"run {status.Row.Id} [{done}/{status.Jobs.Count}] epoch {status.Row.Epoch}";
        if (status.Participants.Count == 0)
        {
            return $"{head}  waits for nodes";
        }

        var first = status.Participants.MinBy(participant => (participant.Job, participant.Member))!;
        var variant = status.Jobs[first.Job].Variant;
        var nodes = status.Participants.Count(participant => participant.Job == first.Job);
        var seconds = Math.Max(1, first.ElapsedMs) / 1000.0;
        var waiting = status.Participants.Where(participant => participant.Job == first.Job).Average(participant => participant.WaitedMs / Math.Max(1.0, participant.ElapsedMs));
        var durable = status.Participants.Max(participant => participant.NotDurableMs) is > 0 and var since ? $"  not durable since {since / 1000} s" : "";
        return $"{head}  {variant}  {Quantity.Time(new VirtualTime(first.PositionPs))}  {nodes} node{(nodes == 1 ? "" : "s")}  {Quantity.Rate(first.Windows / seconds)} windows/s, waiting {waiting:P0}{durable}";
    }
}
