using Trapline.Bench;
using Trapline.Bench.Micro;
using Trapline.Bench.Phold;
using Trapline.Cluster.Runs;

// dotnet run -c Release --project bench -- ipi        what multicast IPI costs the simulator
// dotnet run -c Release --project bench -- phold      what the kernel costs a message, beside a loop without a kernel
// dotnet run -c Release --project bench -- invariants what it costs to watch over the invariants
// dotnet run -c Release --project bench -- checkpoint what saving and restoring 256 busy vCPUs costs
// dotnet run -c Release --project bench -- replay     events a second of replaying the recordings
// dotnet run -c Release --project bench -- micro      what single device accesses and guest instructions cost
// (the command "peer" is the second process of the former and not for people)
SocketScheduling.PreferInline();
return args switch
{
    ["ipi"] => IpiBenchmark.Run(asJson: false),
    ["ipi", "--json"] => IpiBenchmark.Run(asJson: true),
    ["phold", .. var options] => PholdOptions.Parse(options, out var problem) is { } phold ? PholdBenchmark.Run(phold) : Usage(problem),
    ["invariants"] => InvariantsBenchmark.Run(),
    ["checkpoint"] => CheckpointBenchmark.Run(),
    ["replay"] => ReplayBenchmark.Run(),
    ["micro", .. var options] => MicroBenchmarks.Run(options),
    ["peer", var scenario, var first] => TwoProcesses.RunPeer(scenario, first),
    _ => Usage(),
};

static int Usage(string? problem = null)
{
    if (problem is not null)
    {
        Console.Error.WriteLine(problem);
    }

    Console.Error.WriteLine($"usage: dotnet run -c Release --project bench -- ipi [--json] | {PholdOptions.Usage} | invariants | checkpoint | replay | micro [--filter PATTERN]");
    return 2;
}
