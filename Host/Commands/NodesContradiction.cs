namespace Trapline.Host.Commands;

/// <summary>What cannot be had of a run that several processes carry out, with what to do instead.</summary>
internal sealed class NodesContradiction(RunArguments run)
{
    /// <summary>Null if there is none.</summary>
    public string? Find()
    {
        if (run.Cluster is "")
        {
            return "--cluster is empty; name a database, such as sqlite:trapline-cluster/cluster.db, or leave the option out";
        }

        if (run.Cluster is null && run.Nodes == 1)
        {
            return Alone();
        }

        var how = run.Cluster is not null ? "--cluster" : $"--nodes {run.Nodes}";
        var leave = $"leave {(run.Cluster is not null ? "--cluster" : "--nodes")} out, results do not depend on it";
        (string Option, bool Given, string Instead)[] others =
        [
            ("--trace", run.Trace is not null, $"it shows the whole machine, and each process has a part of it: {leave}"),
            ("--vcd", run.Vcd is not null, $"it shows the whole machine, and each process has a part of it: {leave}"),
            ("--round", run.Round, $"it shows the whole machine, and each process has a part of it: {leave}"),
            ("--restore", run.Checkpoints.Restore is not null, $"a run is carried on by one process: {leave}"),
            (run.Checkpoints.CutBy ?? "", run.Checkpoints.CutBy is not null, "it names virtual times of a run that one process holds: use --checkpoint-interval, a wall time, or --nodes 1 without --cluster"),
            ("--chaos", run.Chaos is not null && run.Cluster is not null, "nodes that others use are not killed: use --nodes, whose processes end with this command"),
            ("--chaos", run.Chaos is not null && run.Journal is not null, "acts of an earlier run are not repeated under losses: leave --journal out"),
            ("--chaos", run.Chaos is not null && run.Seeds is not null, "one run is done something to at a time: use --seed"),
            ("--detach", run.Detach && run.Cluster is null, "these processes end with this command: start a cluster with 'trapline cluster up' and add --cluster"),
            ("--threads", run.ThreadsGiven is not null && run.Cluster is not null, "each node has its own: say it to 'trapline node' or 'trapline cluster up'"),
            ("--out", run.Detach && run.Out is not null && run.Cluster is not null, "with --detach nothing is written: say --out to 'trapline runs attach'"),
        ];
        return others.FirstOrDefault(other => other.Given) is { Option: { } option, Instead: var instead } ? $"{option} and {how} cannot be had at once: {instead}" : null;
    }

    private string? Alone() =>
        run.Detach ? "--detach leaves a run to a cluster: add --cluster URL; 'trapline cluster up' starts one on this machine"
        : run.Chaos is not null ? "--chaos is done to nodes of this machine: add --nodes 3, say"
        : run.CheckpointInterval is not null ? "--checkpoint-interval is for runs on several nodes: add --cluster or --nodes, or use --checkpoint-every, a virtual time"
        : run.Placement is not null ? "--placement is for runs on several nodes: add --cluster or --nodes, or leave it out"
        : null;
}
