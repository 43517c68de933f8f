using Trapline.Cluster.Tests.Fabric;
using Xunit;

namespace Trapline.Cluster.Tests.Coordination;

/// <summary>Real processes that fight for one run and are killed in the middle of their calls.</summary>
public abstract partial class CoordinationContract
{
    private const int Kills = 8;

    [Fact]
    public async Task A_node_that_is_killed_leaves_nothing_half_and_others_go_on()
    {
        var run = Submit("0");
        var processes = Enumerable.Range(0, 3).Select(number => Contender(number)).ToList();
        try
        {
            foreach (var process in processes)
            {
                await process.ReadToAsync("running");
            }

            for (var kill = 0; kill < Kills; kill++)
            {
                await Task.Delay(40 + (kill * 23), Cancellation);
                processes[kill % 3].Kill();
                processes[kill % 3].Dispose();
                Whole(run);
                // The same name again: its lease lapses by itself.
                processes[kill % 3] = Contender(10 + kill);
                await processes[kill % 3].ReadToAsync("running");
            }

            var before = Coordination.Find(run)!;
            for (var tries = 0; tries < 200 && Coordination.Find(run)!.Revision < before.Revision + 10; tries++)
            {
                await Task.Delay(50, Cancellation);
            }

            Assert.True(Coordination.Find(run)!.Revision >= before.Revision + 10, "nobody goes on");
        }
        finally
        {
            processes.ForEach(process => process.Dispose());
        }

        Whole(run);
    }

    private PeerProcess Contender(int number) => new("contend", Url, $"n{number}", "60000");

    /// <summary>Row, log and what was left belong together at any time.</summary>
    private void Whole(long run)
    {
        var log = Coordination.Commits(run);
        var row = Coordination.Find(run)!;
        CommitLog.Check(log);
        Assert.True(row.Revision >= log.Count && row.Epoch >= (log.Count == 0 ? 0 : log[^1].Epoch), $"{row} against {log.Count} commits");
        Assert.All(Coordination.Payloads(run, 0, "part"), payload =>
        {
            Assert.Equal(5 << 20, payload.Content.Length);
            Assert.InRange(payload.Attempt, 1, (int)Coordination.Find(run)!.Revision);
        });
        Assert.True(row.Plan == "0" || long.Parse(row.Plan) <= row.Revision, row.Plan);
    }
}
