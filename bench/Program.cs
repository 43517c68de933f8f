using Trapline.Bench;
using Trapline.Cluster.Runs;

// dotnet run -c Release --project bench -- ipi        what multicast IPI costs the simulator
// (the command "peer" is the second process of the former and not for people)
SocketScheduling.PreferInline();
return args switch
{
    ["ipi", .. var options] => IpiBenchmark.Run(asJson: options.Contains("--json")),
    ["peer", var scenario, .. var options] => TwoProcesses.RunPeer(scenario, options),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project bench -- ipi [--json]");
    return 2;
}
