using System.Diagnostics;
using Trapline.Actors.Kernel;
using Trapline.Cluster.Runs;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Machines.Scenarios;
using Trapline.Messages;
using Trapline.Persistence;

namespace Trapline.Bench;

/// <summary>
/// What checkpoints of 256 busy vCPUs cost: how long the run stands still, how long a restore takes, their size, and what one
/// every so often adds to the wall time of a run.
/// </summary>
internal static class CheckpointBenchmark
{
    private const string Variant = "pattern=all-to-all stride=dense scheme=iocsr vcpus=256";
    private const int Cuts = 40;
    private const int Repeats = 5;

    private static readonly VirtualTime Between = VirtualTime.FromNanoseconds(1_000);

    public static int Run()
    {
        var folder = Directory.CreateTempSubdirectory("trapline-bench-");
        try
        {
            using var store = CheckpointStores.Open(Path.Combine(folder.FullName, "bench.db"));
            var scenario = Scenarios.One(Scenarios.PathOf("ipi-multicast"), Variant, ("rounds", 1_000));
            Stops(scenario, threads: 1);
            Stops(scenario, threads: 2);
            Restores(store);
            Share(scenario, store);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Stops(Scenario scenario, int threads)
    {
        var plan = RunSession.Plan(scenario);
        using var engine = new Engine(plan, Placement.OneNode(plan.Groups.Count), 0, new EngineOptions { Threads = threads, Invariants = true });
        engine.Start();
        var captures = new[] { new StateCapture(), new StateCapture() };
        Array.ForEach(captures, capture => capture.Take(engine, VirtualTime.Zero, threads));
        var stops = new List<double>();
        var at = VirtualTime.Zero;
        for (var i = 0; i < Cuts; i++)
        {
            at += Between;
            engine.Run(at);
            var watch = Stopwatch.StartNew();
            captures[i % 2].Take(engine, at, threads);
            stops.Add(watch.Elapsed.TotalMilliseconds);
        }

        Row.Of($"the run stands still, {threads} thread(s), the first cut", "ms", stops[..1]).Print();
        Row.Of($"the run stands still, {threads} thread(s), later ones", "ms", stops[1..]).Print();
        Row.Of("state of a checkpoint", "MB", [captures[0].Groups.Sum(group => group.Rows.Length) / 1e6]).Print();
    }

    /// <summary>From an id to an engine that can go on: reading, checking, assembling the guest, making and loading 256 vCPUs.</summary>
    private static void Restores(ICheckpointStore store)
    {
        using var control = new RunControl();
        var scenario = ScenarioLoader.Load(Scenarios.PathOf("ipi-multicast")).Scenario!;
        scenario = scenario with { Variants = [.. scenario.Variants.Where(variant => variant.Name == Variant)] };
        var report = RunSession.Run(new RunRequest { Scenario = scenario, Smoke = true, Checkpoints = new() { Store = store, At = [new(30 * VirtualTime.PerMicrosecond)] } }, control);
        var id = report.Checkpoints!.Saved.Single().Id;
        Row.Of("a checkpoint in its store", "MB", [store.List().Single(stored => stored.Id == id).StoredBytes / 1e6]).Print();
        var times = new List<double>();
        for (var i = 0; i <= 4 * Repeats; i++)
        {
            var watch = Stopwatch.StartNew();
            var restored = RestoredRun.Open(id, store.Load(id));
            var plan = restored.Plan.Build();
            using var engine = new Engine(plan, Placement.OneNode(plan.Groups.Count), 0, new EngineOptions { Invariants = true });
            restored.Load(engine);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        Row.Of("a restore, compiled while it runs", "ms", times[..1]).Print();
        Row.Of("a restore", "ms", times[1..]).Print();
    }

    /// <summary>Cut a hundred times as often as the promise has it, for a share that can be told from noise.</summary>
    private static void Share(Scenario scenario, ICheckpointStore store)
    {
        var run = scenario with { Variants = [scenario.Variants[0] with { Until = new(5 * VirtualTime.PerMillisecond) }] };
        var (shares, walls) = (new List<double>(), new List<double>());
        for (var i = 0; i <= Repeats; i++)
        {
            var without = Seconds(run, null);
            var with = Seconds(run, new() { Store = store, Every = new(VirtualTime.PerMillisecond) });
            if (i > 0)
            {
                walls.Add(without / 5);
                shares.Add(100 * (with - without) / without);
            }
        }

        Row.Of("wall time of 1 virtual ms", "s", walls).Print();
        Row.Of("one every virtual ms adds to the wall time", "%", shares).Print();
        Row.Of("so one every 100 virtual ms", "%", [.. shares.Select(share => share / 100)]).Print();
    }

    private static double Seconds(Scenario scenario, CheckpointRequest? checkpoints)
    {
        using var control = new RunControl();
        var report = RunSession.Run(new RunRequest { Scenario = scenario, Threads = 2, Checkpoints = checkpoints }, control);
        Console.Error.WriteLine($"  {report.VirtualNs / 1_000_000:0.#} virtual ms in {report.WallSeconds:0.00} s, {report.Checkpoints?.Saved.Count ?? 0} checkpoints");
        return report.WallSeconds;
    }
}
