using System.Text.Json;
using Trapline.Actors.Kernel;
using Trapline.Cluster.Runs;
using Trapline.Messages;

namespace Trapline.Bench;

/// <summary>The figures of the IPI scenarios: rate, allocation, memory per vCPU, and the price of a window between processes.</summary>
internal static class IpiBenchmark
{
    private const int Repeats = 5;
    private const int Rounds = 1_000;
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    public static int Run(bool asJson)
    {
        List<Row> rows = [.. Multicast(), .. Allocation(), .. HeapGrowth(), .. TwoProcesses.Windows(Repeats)];
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(rows, Json));
            return 0;
        }

        foreach (var row in rows)
        {
            row.Print();
        }

        return 0;
    }

    /// <summary>255,000 deliveries through all register sequences, one thread.</summary>
    private static IEnumerable<Row> Multicast()
    {
        var scenario = Scenarios.One(Scenarios.PathOf("ipi-multicast"), "pattern=one-to-all stride=dense scheme=iocsr vcpus=256", ("rounds", Rounds));
        var seconds = new List<double>();
        var rates = new List<double>();
        for (var i = 0; i < Repeats; i++)
        {
            using var control = new RunControl();
            var report = RunSession.Run(new RunRequest { Scenario = scenario }, control);
            seconds.Add(report.WallSeconds);
            rates.Add(report.Messages / report.WallSeconds);
        }

        yield return Row.Of($"{Rounds} rounds of one to 255, one thread", "s", seconds);
        yield return Row.Of("messages a second of it", "1/s", rates);
    }

    /// <summary>Bytes per handled message between two points in the middle of a run.</summary>
    private static IEnumerable<Row> Allocation()
    {
        using var engine = Build(256, Rounds);
        engine.Start();
        engine.Run(VirtualTime.FromNanoseconds(20_000_000));
        var (bytes, messages) = (GC.GetAllocatedBytesForCurrentThread(), Handled(engine));
        engine.Run(VirtualTime.FromNanoseconds(200_000_000));
        yield return Row.Of(
            "allocated per message in steady state",
            "bytes",
            [(double)(GC.GetAllocatedBytesForCurrentThread() - bytes) / (Handled(engine) - messages)]);
    }

    /// <summary>Managed heap of a machine that has run, 256 vCPUs against 64.</summary>
    private static IEnumerable<Row> HeapGrowth()
    {
        var growth = new List<double>();
        for (var i = 0; i < Repeats; i++)
        {
            growth.Add((Heap(256) - Heap(64)) / 192.0 / 1024);
        }

        yield return Row.Of("managed heap per vCPU, from 64 to 256", "KiB", growth);
    }

    private static long Heap(int vcpus)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var engine = Build(vcpus, rounds: 20);
        engine.Start();
        engine.Run(VirtualTime.Never);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(engine);
        return after - before;
    }

    private static Engine Build(int vcpus, int rounds)
    {
        var scenario = Scenarios.One(Scenarios.PathOf("ipi-multicast"), $"pattern=one-to-all stride=dense scheme=iocsr vcpus={vcpus}", ("rounds", rounds));
        var plan = RunSession.Plan(scenario);
        return new Engine(plan, Placement.OneNode(plan.Groups.Count), 0, new EngineOptions());
    }

    private static long Handled(Engine engine) => engine.Groups.Sum(group => group.Handled);
}
