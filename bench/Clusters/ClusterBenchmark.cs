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

    private static readonly (string Name, Action<BenchFolder> Measure)[] Parts = [("split", Split), ("matrix", Matrix), ("moves", Moves), ("losses", Losses)];

    public static string Usage { get; } = $"cluster [{string.Join('|', Parts.Select(part => part.Name))}]";

    /// <param name="only">Names of the parts to measure; none for all.</param>
    /// <returns>False where a name is none; nothing was measured.</returns>
    public static bool TryRun(IReadOnlyCollection<string> only)
    {
        if (!only.All(name => Parts.Any(part => part.Name == name)))
        {
            return false;
        }

        using var folder = new BenchFolder();
        foreach (var part in Parts.Where(part => only.Count == 0 || only.Contains(part.Name)))
        {
            part.Measure(folder);
        }

        return true;
    }

    private static void Split(BenchFolder folder)
    {
        using var cluster = LocalNodes.Up(folder, nodes: 2);
        var (one, two) = (new List<double>(), new List<double>());
        for (var i = 0; i < Repeats; i++)
        {
            one.Add(cluster.Simulate("rack", "--placement", "host", "--nodes", "1"));
            two.Add(cluster.Simulate("rack", "--placement", "host", "--nodes", "2"));
        }

        Row.Of("rack on one one-thread node", "s", one).Print();
        Row.Of("rack split over two one-thread nodes", "s", two).Print();
        Row.Of("two nodes against one, pair by pair", "x", [.. one.Zip(two, (first, second) => first / second)]).Print();
    }

    /// <summary>
    /// By the times of the run's commits, from its lease to its end: the command adds what its own process takes to start and to read the results.
    /// Each cluster has had the same run before: nodes that have just been started compile their code first, each for itself.
    /// </summary>
    private static void Matrix(BenchFolder folder)
    {
        using var alone = LocalNodes.Up(folder, nodes: 1);
        using var both = LocalNodes.Up(folder, nodes: 2);
        var (one, two) = (new List<double>(), new List<double>());
        for (var i = 0; i <= Repeats; i++)
        {
            foreach (var (cluster, times) in new[] { (alone, one), (both, two) })
            {
                var seconds = cluster.Study("ipi-multicast", "--seeds", "1..4");
                if (i > 0)
                {
                    times.Add(seconds);
                }
            }
        }

        Row.Of("ipi-multicast, 4 seeds of 60 variants, on one one-thread node", "s", one).Print();
        Row.Of("ipi-multicast, 4 seeds of 60 variants, on two one-thread nodes", "s", two).Print();
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
