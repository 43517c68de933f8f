using Trapline.Bench;
using Trapline.Bench.Clusters;
using Trapline.Bench.Links;
using Trapline.Bench.Micro;
using Trapline.Bench.Phold;
using Trapline.Cluster.Runs;

// dotnet run -c Release --project bench -- ipi        what multicast IPI costs the simulator
// dotnet run -c Release --project bench -- phold      what the kernel costs a message, beside a loop without a kernel
// dotnet run -c Release --project bench -- invariants what it costs to watch over the invariants
// dotnet run -c Release --project bench -- checkpoint what saving and restoring 256 busy vCPUs costs
// dotnet run -c Release --project bench -- replay     events a second of replaying the recordings
// dotnet run -c Release --project bench -- msi        what a message to an ITS costs, by the number of events
// dotnet run -c Release --project bench -- micro      what single device accesses and guest instructions cost
// dotnet run -c Release --project bench -- links      what a window costs between two processes, beside a bare TCP ping-pong
// dotnet run -c Release --project bench -- cluster    what a cluster of this machine brings and costs, by its own commands (build Host first)
// (the commands "peer" and "links-peer" are the second processes of others and not for people)
SocketScheduling.PreferInline();
return args switch
{
    ["ipi"] => IpiBenchmark.Run(asJson: false),
    ["ipi", "--json"] => IpiBenchmark.Run(asJson: true),
    ["phold", .. var options] => PholdOptions.Parse(options, out var problem) is { } phold ? PholdBenchmark.Run(phold) : Usage(problem),
    ["invariants"] => InvariantsBenchmark.Run(),
    ["checkpoint"] => CheckpointBenchmark.Run(),
    ["replay"] => ReplayBenchmark.Run(),
    ["msi"] => MsiBenchmark.Run(),
    ["micro", .. var options] => MicroBenchmarks.Run(options),
    ["cluster", .. var parts] => ClusterBenchmark.TryRun(parts) ? 0 : Usage(),
    ["links"] => LinksBenchmark.Run(asJson: false),
    ["links", "--json"] => LinksBenchmark.Run(asJson: true),
    ["links-peer", var kind, var url, var messages, var rounds] => LinksPeer.Run(kind, new Uri(url), int.Parse(messages), int.Parse(rounds)),
    ["peer", var scenario, var first] => TwoProcesses.RunPeer(scenario, first),
    _ => Usage(),
};

static int Usage(string? problem = null)
{
    if (problem is not null)
    {
        Console.Error.WriteLine(problem);
    }

    Console.Error.WriteLine($"usage: dotnet run -c Release --project bench -- ipi [--json] | {PholdOptions.Usage} | invariants | checkpoint | replay | msi | links [--json] | {ClusterBenchmark.Usage} | micro [--filter PATTERN]");
    return 2;
}
