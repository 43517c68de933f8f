using Trapline.Cluster.Runs;
using Trapline.Machines.Scenarios;

namespace Trapline.Bench;

/// <summary>
/// What it costs to watch over the invariants: processor time of a run with them over that of one without, in pairs, so that
/// both meet the same machine.
/// </summary>
internal static class InvariantsBenchmark
{
    private const int Repeats = 15;

    public static int Run()
    {
        Measure("ipi-multicast", "pattern=one-to-all stride=dense scheme=iocsr vcpus=256", ("rounds", 400));
        Measure("ipi-multicast", "pattern=all-to-all stride=dense scheme=iocsr vcpus=256", ("rounds", 3));
        Measure("msi-storm", "eiointc_driver=classic queues=16 period=20us", ("messages", 2_000));
        return 0;
    }

    private static void Measure(string name, string variant, (string Name, long Value) parameter)
    {
        var scenario = Scenarios.One(Scenarios.PathOf(name), variant, parameter);
        var ratios = new List<double>();
        for (var i = 0; i <= Repeats; i++)
        {
            var without = Seconds(scenario, invariants: false);
            var with = Seconds(scenario, invariants: true);

            // The first pair is compiled while it runs.
            if (i > 0)
            {
                ratios.Add(with / without);
            }
        }

        Row.Of($"{name} {variant}", "x", ratios).Print();
    }

    private static double Seconds(Scenario scenario, bool invariants)
    {
        using var control = new RunControl();
        GC.Collect();
        var before = Environment.CpuUsage.UserTime;
        RunSession.Run(new RunRequest { Scenario = scenario, Invariants = invariants }, control);
        return (Environment.CpuUsage.UserTime - before).TotalSeconds;
    }
}
