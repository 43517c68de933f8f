using System.Text.Json;
using Trapline.Cluster.Coordination;
using Trapline.Cluster.Runs;
using Xunit;

namespace Trapline.Host.Tests;

/// <summary>What commands about clusters print of a database that has members and runs but no node: so that what they see is what the test wrote.</summary>
public sealed class ClusterCommandTests : IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    private readonly TestFolder _folder = new();
    private readonly string _url;

    public ClusterCommandTests() => _url = $"sqlite:{_folder.PathOf("cluster.db")}";

    [Fact]
    public void Status_has_members_and_what_they_say_they_do()
    {
        using (var cluster = Coordinations.Open(_url))
        {
            var gone = Join(cluster, "a");
            cluster.Leave(gone.Id);
            var member = Join(cluster, "b");
            cluster.Renew(member.Id, """["rack, attempt 1"]""", Lease);
        }

        var state = Json("cluster", "status", "--cluster", _url, "--json");

        Assert.Equal(_folder.PathOf("cluster.db"), state.GetProperty("cluster").GetString());
        Assert.Equal(["a left 1", "b alive 1"], state.GetProperty("members").EnumerateArray().Select(row => $"{row.GetProperty("name")} {row.GetProperty("state")} {row.GetProperty("generation")}"));
        Assert.Equal("rack, attempt 1", state.GetProperty("members")[1].GetProperty("runs")[0].GetString());
        Assert.Equal(0, state.GetProperty("runs").GetArrayLength());
    }

    [Fact]
    public void A_run_that_is_left_to_a_cluster_waits_there_and_each_command_says_so()
    {
        Coordinations.Open(_url).Dispose();
        var submitted = new CommandLine();
        Assert.Equal(0, submitted.Run("run", CommandLine.Scenario(_folder), "--cluster", _url, "--detach", "--placement", "spread", "--json"));
        Assert.Equal(1, JsonDocument.Parse(submitted.Output).RootElement.GetProperty("run").GetInt64());
        Assert.Contains("has no node now: the run begins when one joins", submitted.Error, StringComparison.Ordinal);

        var run = Json("runs", "list", "--cluster", _url, "--json").GetProperty("runs")[0];
        Assert.Equal("open", run.GetProperty("phase").GetString());
        Assert.Equal("first", run.GetProperty("scenario").GetString());
        Assert.Equal("", run.GetProperty("holder").GetString());
        Assert.Equal("waiting", run.GetProperty("jobs")[0].GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, run.GetProperty("jobs")[0].GetProperty("checkpoint").ValueKind);

        var log = new CommandLine();
        Assert.Equal(0, log.Run("runs", "log", "1", "--cluster", _url));
        Assert.Equal("nothing was decided about run 1 yet: no node has held it\n", log.Output);
        AssertError("run 1 waits for nodes: a move is for one that goes on; ask again when 'trapline cluster status' shows it running", "move", "1", "--groups", "board", "--to", "a", "--cluster", _url);
        AssertError("there is no run 2 in ", "runs", "log", "2", "--cluster", _url);
        AssertError("'here' is no number of a run, as --cluster needs it; 'trapline runs list' shows them", "migrate", "here", "--cluster", _url);
    }

    [Fact]
    public void Nodes_of_another_build_are_told_of_before_anybody_waits_for_them()
    {
        using (var cluster = Coordinations.Open(_url))
        {
            cluster.Join(new NodeAnnouncement("a", "http://127.0.0.1:1/", "another", 1), Lease);
        }

        var line = new CommandLine();
        Assert.Equal(0, line.Run("run", CommandLine.Scenario(_folder), "--cluster", _url, "--detach"));
        Assert.Contains("are of another build than this program (another, and not ", line.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_with_a_scenario_is_said_before_a_cluster_has_it()
    {
        Coordinations.Open(_url).Dispose();
        var line = new CommandLine();
        Assert.Equal(2, line.Run("run", CommandLine.Scenario(_folder), "--cluster", _url, "--detach", "--window", "1s"));
        Assert.Contains("--window: a window of 1s is outside", line.Error, StringComparison.Ordinal);
        Assert.Equal(0, Json("runs", "list", "--all", "--cluster", _url, "--json").GetProperty("runs").GetArrayLength());
    }

    public void Dispose() => _folder.Dispose();

    private static Member Join(ICoordination cluster, string name) => cluster.Join(new NodeAnnouncement(name, "http://127.0.0.1:1/", BuildIdentity.Current, 1), Lease);

    private static JsonElement Json(params string[] words)
    {
        var line = new CommandLine();
        Assert.True(line.Run(words) == 0, line.Error);
        return JsonDocument.Parse(line.Output).RootElement;
    }

    private static void AssertError(string message, params string[] words)
    {
        var line = new CommandLine();
        Assert.Equal(ExitCodes.Usage, line.Run(words));
        Assert.StartsWith($"trapline: error: {message}", line.Error, StringComparison.Ordinal);
    }
}
