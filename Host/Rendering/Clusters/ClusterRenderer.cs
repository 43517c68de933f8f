using Trapline.Host.Reports.Clusters;

namespace Trapline.Host.Rendering.Clusters;

/// <summary>Clusters and their runs as text.</summary>
internal static class ClusterRenderer
{
    /// <summary>Of a run of many seeds: more would hide the rest.</summary>
    private const int MostJobs = 12;

    public static void Write(TextWriter writer, ClusterUp up)
    {
        var table = new TextTable("-node", "process", "-endpoint", "-log");
        foreach (var node in up.Nodes)
        {
            table.Add(node.Name, $"{node.Process}", node.Endpoint, node.Log);
        }

        table.Write(writer, Terminal.LayoutWidth);
    }

    public static void Write(TextWriter writer, ClusterState state)
    {
        writer.WriteLine(state.Cluster);
        writer.WriteLine();
        if (state.Members.Count == 0)
        {
            writer.WriteLine("no nodes");
        }
        else
        {
            WriteMembers(writer, state.Members);
        }

        if (state.Runs.Count == 0)
        {
            writer.WriteLine();
            writer.WriteLine("no runs that are not over");
        }

        foreach (var run in state.Runs)
        {
            writer.WriteLine();
            WriteRun(writer, run);
        }
    }

    public static void Write(TextWriter writer, RunsList list, bool all)
    {
        if (list.Runs.Count == 0)
        {
            writer.WriteLine(all ? $"no runs in {list.Cluster}" : $"no runs in {list.Cluster} that are not over; --all shows the others");
            return;
        }

        var table = new TextTable("-scenario", "run", "-phase", "variants", "epoch", "-holder", "reached");
        foreach (var run in list.Runs)
        {
            var reached = run.Participants.Count == 0 ? "" : Quantity.Time(run.Participants.Max(participant => participant.PositionNs));
            table.Add(run.Scenario, $"{run.Run}", run.Phase, $"{run.Jobs.Count(job => job.State == "done")}/{run.Jobs.Count}", $"{run.Epoch}", run.Holder, reached);
        }

        table.Write(writer, Terminal.LayoutWidth);
    }

    public static void Write(TextWriter writer, RunLog log)
    {
        foreach (var commit in log.Commits)
        {
            writer.WriteLine($"{commit.At.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff}  epoch {commit.Epoch}  revision {commit.Revision}  {commit.Holder}  {commit.What}");
        }

        if (log.Commits.Count == 0)
        {
            writer.WriteLine($"nothing was decided about run {log.Run} yet: no node has held it");
        }
    }

    private static void WriteMembers(TextWriter writer, IReadOnlyList<MemberRow> members)
    {
        var table = new TextTable("-node", "joined", "-state", "-endpoint", "threads", "-build", "-runs");
        foreach (var member in members)
        {
            table.Add(member.Name, $"{member.Generation}", member.State, member.Endpoint, $"{member.Threads}", BuildOf(member.Build), member.Runs.Count switch { 0 => "", 1 => member.Runs[0], var more => $"{member.Runs[0]} and {more - 1} more" });
        }

        table.Write(writer, Terminal.LayoutWidth);
    }

    /// <summary>The last part tells builds of one version apart.</summary>
    private static string BuildOf(string build) => build[(build.LastIndexOf(' ') + 1)..] is var digits ? digits[..Math.Min(8, digits.Length)] : build;

    private static void WriteRun(TextWriter writer, RunRow run)
    {
        writer.WriteLine($"run {run.Run}  {run.Scenario}  epoch {run.Epoch}  {(run.Holder.Length == 0 ? "held by nobody" : $"held by {run.Holder}")}  {run.Jobs.Count(job => job.State == "done")} of {run.Jobs.Count} variants done");
        foreach (var (job, number) in run.Jobs.Select((job, number) => (job, number)).Where(each => each.job.State == "running").Take(MostJobs))
        {
            var cut = job.Checkpoint is null ? "no checkpoint" : $"checkpoint at {Quantity.Time(job.CheckpointNs)}";
            writer.WriteLine();
            writer.WriteLine($"  {job.Variant}, seed {job.Seed}, attempt {job.Attempt}, {cut}");
            WriteParticipants(writer, [.. run.Participants.Where(participant => participant.Variant == number)]);
        }
    }

    private static void WriteParticipants(TextWriter writer, IReadOnlyList<ParticipantRow> participants)
    {
        if (participants.Count == 0)
        {
            return;
        }

        var table = new TextTable("-  node", "-phase", "groups", "reached", "windows/s", "waiting", "sent", "received");
        foreach (var row in participants)
        {
            table.Add(
                $"  {row.Node}", row.Phase, $"{row.Groups}", Quantity.Time(row.PositionNs), Quantity.Rate(row.WindowsPerSecond), Quantity.Percent(row.WaitingShare),
                Quantity.Bytes(row.Links.Sum(link => link.SentBytes)), Quantity.Bytes(row.Links.Sum(link => link.ReceivedBytes)));
        }

        table.Write(writer, Terminal.LayoutWidth);
        if (participants.Count > 2)
        {
            WriteLinks(writer, participants);
        }

        foreach (var row in participants.Where(row => row.WaitsFor.Count > 0))
        {
            writer.WriteLine($"  {row.Node} waits for {string.Join(", ", row.WaitsFor)}");
        }

        if (participants.Max(row => row.NotDurableSeconds) is { } seconds)
        {
            writer.WriteLine($"  not durable since {seconds:0} s: what was done since then would have to be done again after a loss");
        }
    }

    /// <summary>Of two nodes the table before has all; of more than two which link carries what.</summary>
    private static void WriteLinks(TextWriter writer, IReadOnlyList<ParticipantRow> participants)
    {
        foreach (var row in participants)
        {
            writer.WriteLine($"  {row.Node} sent {string.Join(", ", row.Links.Select(link => $"{Quantity.Bytes(link.SentBytes)} to {link.Peer}"))}");
        }
    }
}
