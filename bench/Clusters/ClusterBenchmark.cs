using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Trapline.Bench.Clusters;

/// <summary>
/// What a cluster of this machine brings and costs, by the commands that a person types: a split run and a matrix on two nodes of one thread against
/// one, groups that move, and a node that is killed. Two nodes share two processors with the database and the client: on a machine that
/// does anything else beside it the figures say little.
/// </summary>
internal static partial class ClusterBenchmark
{
    private const int Repeats = 5;

    private static readonly string[] ThereAndBack = ["node1", "node2"];

    private const string MovedGroups = "machine0.vcpu0..machine0.vcpu15,machine1.vcpu0..machine1.vcpu15,machine2.vcpu0..machine2.vcpu15,machine3.vcpu0..machine3.vcpu15,machine0.board";

    public static int Run()
    {
        using var folder = new BenchFolder();
        Split(folder);
        Matrix(folder);
        Moves(folder);
        Losses(folder);
        return 0;
    }

    private static void Split(BenchFolder folder)
    {
        using var cluster = LocalNodes.Up(folder, nodes: 2);
        var (one, two) = (new List<double>(), new List<double>());
        for (var i = 0; i < Repeats; i++)
        {
            one.Add(cluster.Simulate("rack", "--placement", "host", "--nodes", "1").WallSeconds);
            two.Add(cluster.Simulate("rack", "--placement", "host", "--nodes", "2").WallSeconds);
        }

        Row.Of("rack on one one-thread node", "s", one).Print();
        Row.Of("rack split over two one-thread nodes", "s", two).Print();
        Row.Of("two nodes against one, pair by pair", "x", [.. one.Zip(two, (first, second) => first / second)]).Print();
    }

    private static void Matrix(BenchFolder folder)
    {
        var (one, two) = (new List<double>(), new List<double>());
        for (var i = 0; i < Repeats; i++)
        {
            foreach (var (nodes, times) in new[] { (1, one), (2, two) })
            {
                using var cluster = LocalNodes.Up(folder, nodes);
                times.Add(cluster.Simulate("ipi-multicast").ElapsedSeconds);
            }
        }

        Row.Of("ipi-multicast, 60 variants, on one one-thread node", "s", one).Print();
        Row.Of("ipi-multicast, 60 variants, on two one-thread nodes", "s", two).Print();
        Row.Of("two nodes against one, pair by pair", "x", [.. one.Zip(two, (first, second) => first / second)]).Print();
    }

    private static void Moves(BenchFolder folder)
    {
        using var cluster = LocalNodes.Up(folder, nodes: 2);
        var halts = new List<double>();
        while (halts.Count < 2 * Repeats)
        {
            var run = cluster.Begin("rack", "--placement", "host");
            foreach (var node in Enumerable.Range(0, 4).SelectMany(_ => ThereAndBack))
            {
                var answer = cluster.Say("move", run, "--groups", MovedGroups, "--to", node);
                if (StoodStill().Match(answer) is { Success: true } match)
                {
                    halts.Add(double.Parse(match.Groups[1].Value));
                }
            }

            cluster.Say("runs", "stop", run);
        }

        Row.Of("64 vCPU groups and a board move: the run stands still", "ms", halts).Print();
    }

    private static void Losses(BenchFolder folder)
    {
        var (aside, work) = (new List<double>(), new List<double>());
        for (var i = 0; i < Repeats; i++)
        {
            using var cluster = LocalNodes.Up(folder, nodes: 4);
            var run = cluster.Begin("rack", "--placement", "host", "--checkpoint-interval", "1s");
            Thread.Sleep(TimeSpan.FromSeconds(4));
            cluster.Kill("node2");
            var killed = Stopwatch.StartNew();
            while (!cluster.Say("runs", "log", run).Contains("attempt 1 ended", StringComparison.Ordinal) && killed.Elapsed < TimeSpan.FromMinutes(1))
            {
                Thread.Sleep(TimeSpan.FromMilliseconds(100));
            }

            aside.Add(killed.Elapsed.TotalSeconds);
            cluster.Say("runs", "attach", run, "--out", folder.Path("attached"));
            work.Add(killed.Elapsed.TotalSeconds);
        }

        Row.Of("one of four nodes is killed: until the next attempt begins", "s", aside).Print();
        Row.Of("one of four nodes is killed: until the results are there", "s", work).Print();
    }

    [GeneratedRegex(@"stood still for ([0-9.]+) ms")]
    private static partial Regex StoodStill();
}
