using Trapline.Cluster.Runs;

namespace Trapline.Bench;

/// <summary>One run on two processes, against the same on one: what a window costs that has to be exchanged.</summary>
internal static class TwoProcesses
{
    private static readonly (string Name, long Value)[] Parameters = [("rounds", 1_000)];

    /// <summary>Microseconds for each exchanged window, the work in it included; joining and set-up are not.</summary>
    public static IEnumerable<Row> Windows(int repeats)
    {
        var path = Scenarios.PathOf("ipi-pingpong");
        var samples = new List<double>();
        for (var i = 0; i < repeats; i++)
        {
            using var control = new RunControl();
            var request = new RunRequest
            {
                Scenario = Scenarios.One(path, null, Parameters),
                Nodes = 2,
                ChildCommand = [Environment.ProcessPath!, "peer", path],
            };
            var report = RunSession.Run(request, control);
            samples.Add(report.Variants[0].WallSeconds * 1e6 / report.Variants[0].Windows);
        }

        yield return Row.Of("a window exchanged between two processes", "us", samples);
    }

    public static int RunPeer(string scenario, string[] options)
    {
        using var control = new RunControl();
        string After(string option) => options[Array.IndexOf(options, option) + 1];
        RunSession.Run(
            new RunRequest
            {
                Scenario = Scenarios.One(scenario, null, Parameters),
                Nodes = 2,
                Node = 1,
                Listen = new Uri(After("--listen")),
                Peer = new Uri(After("--peer")),
            },
            control);
        return 0;
    }
}
