using System.Text.Json;
using Xunit;

namespace Trapline.EndToEnd.Tests;

/// <summary>
/// On however many nodes of a cluster a scenario is split, it finds what one process finds. On two nodes all of them, on four those that take no
/// minute there, as the nodes share two processors with one another, on three one; all on all where the variable <c>TRAPLINE_DIGESTS</c> is <c>all</c>.
/// </summary>
[Trait("Runs", "Once")]
public sealed class ClusterDigestTests(FourNodes cluster) : IClassFixture<FourNodes>
{
    private static readonly string[] Quick = ["boot-256", "futex-wake", "ipi-pingpong", "migration-demo", "rack", "vmexit"];

    private const string OnThree = "migration-demo";

    public static TheoryData<string, int> ScenariosAndNodes
    {
        get
        {
            var all = Environment.GetEnvironmentVariable("TRAPLINE_DIGESTS") == "all";
            return
            [
                .. NodesTests.Scenarios.SelectMany(
                    row => (int[])[2, .. all || row.Data == OnThree ? [3] : (int[])[], .. all || Quick.Contains(row.Data) ? [4] : (int[])[]],
                    (row, nodes) => (row.Data, nodes)),
            ];
        }
    }

    [Theory]
    [MemberData(nameof(ScenariosAndNodes))]
    public void Several_nodes_find_the_digest_of_one_process(string name, int nodes)
    {
        var one = File.ReadLines(Path.Combine(Trapline.Root, "tests", "EndToEnd.Tests", "digests.txt")).Single(line => line.StartsWith(name + " ", StringComparison.Ordinal)).Split(' ')[1];
        using var run = Trapline.Run(cluster.Folder, 0, "run", Trapline.Scenario(name), "--smoke", "--json", "--out", $"{name}-{nodes}", "--cluster", cluster.Url, "--placement", "spread", "--nodes", $"{nodes}");
        using var report = JsonDocument.Parse(run.Output);
        Assert.Equal(nodes, report.RootElement.GetProperty("nodes").GetInt32());
        Assert.Equal(one, report.RootElement.GetProperty("digest").GetString());
    }
}
