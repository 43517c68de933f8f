using System.Globalization;
using Trapline.Persistence.Tests.Stores;
using Xunit;

namespace Trapline.Persistence.Tests.Killing;

/// <summary>
/// SIGKILL at points spread over the write. Afterwards the store opens, every checkpoint that it lists verifies, every one that was reported as
/// saved is there, and none that was reported as removed. TRAPLINE_KILLS sets how often; 200 is what a release is tested with.
/// </summary>
[Trait("Runs", "Once")]
public sealed class KillTests(PostgresServer server)
{
    private const int UsualKills = 12;
    private const int Keep = 4;

    /// <summary>Bytes of a checkpoint: some thousand pages of a database.</summary>
    private const int Bytes = 1 << 20;

    /// <summary>Points of one write, and how far the next one tried is from the last: few rounds are spread over all of it too.</summary>
    private const int Points = 25;
    private const int Step = 7;

    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("TRAPLINE_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var kills) ? kills : UsualKills;

    [Fact]
    public async Task A_store_in_a_file_is_whole_after_each_kill()
    {
        using var folder = new TestFolder();
        await KillAsync(folder.PathOf("store.db"), _ => { });
    }

    [Fact]
    public async Task A_store_on_a_server_is_whole_after_each_kill()
    {
        server.Clear("killed_client");
        await KillAsync(server.Url("killed_client"), _ => { });
    }

    /// <summary>Every fifth round the server dies too, as in a power cut.</summary>
    [Fact]
    public async Task A_store_on_a_server_that_dies_is_whole_after_each_kill()
    {
        using var own = new PostgresServer();
        own.Clear("killed_server");
        await KillAsync(own.Url("killed_server"), round =>
        {
            if (round % 5 == 0)
            {
                own.Crash();
                own.Start();
            }
        });
    }

    private static async Task KillAsync(string url, Action<int> alsoKill)
    {
        var account = new SaverProcess.Account();
        // How long one write takes here decides where the points lie.
        var write = await MeasureAsync(url, account);
        var interrupted = 0;
        for (var round = 0; round < Kills; round++)
        {
            using (var saver = new SaverProcess(url, account.Next, Bytes, Keep))
            {
                var point = round * Step % Points;
                if (point != 0)
                {
                    // The first save of a process takes longer, and what follows it too: code is compiled.
                    await saver.ReadToAsync("saved", account);
                    await saver.ReadToAsync("saving", account);
                    await Task.Delay(write * point / Points, TestContext.Current.CancellationToken);
                }

                // Every now and then right after the start: in the middle of what puts the last kill right.
                alsoKill(round);
                await saver.KillAsync(account);
            }

            interrupted += account.IsInterrupted ? 1 : 0;
            Check(url, account, round);
        }

        TestContext.Current.SendDiagnosticMessage($"{Kills} kills, {interrupted} of them within a save; a save and a removal take {write.TotalMilliseconds:0} ms");
        // On a machine that is busy the points are blurred; but kills that all miss would prove nothing.
        Assert.InRange(interrupted, Kills / 8, Kills);
    }

    /// <summary>Time from one save to the next, removals included: the mean of some.</summary>
    private static async Task<TimeSpan> MeasureAsync(string url, SaverProcess.Account account)
    {
        using var saver = new SaverProcess(url, 0, Bytes, Keep);
        await saver.ReadToAsync("saved", account);
        await saver.ReadToAsync("saving", account);
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        for (var times = 0; times < 5; times++)
        {
            await saver.ReadToAsync("saving", account);
        }

        var write = System.Diagnostics.Stopwatch.GetElapsedTime(start) / 5;
        await saver.KillAsync(account);
        return write;
    }

    private static void Check(string url, SaverProcess.Account account, int round)
    {
        using var store = CheckpointStores.Open(url);
        var listed = store.List().ToDictionary(stored => stored.Id, StringComparer.Ordinal);
        Assert.All(account.MustBeThere.Keys, id => Assert.True(listed.ContainsKey(id), $"round {round}: {id} was reported as saved and is not there"));
        Assert.All(listed.Keys, id =>
        {
            var loaded = store.Load(id);
            if (account.MustBeThere.TryGetValue(id, out var number))
            {
                Same.Checkpoint(SampleCheckpoint.Create(number, Bytes), loaded);
            }
        });
        Assert.DoesNotContain(listed.Keys, account.Deleted.Contains);

        // A process that is killed soon removes less than it adds.
        foreach (var id in Retention.ToDelete(store.List(), Keep))
        {
            store.Delete([id]);
            account.Take($"deleting {id}");
            account.Take($"deleted {id}");
        }
    }
}
