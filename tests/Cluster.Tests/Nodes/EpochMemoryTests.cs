using Trapline.Cluster.Coordination;
using Trapline.Cluster.Nodes;
using Xunit;

namespace Trapline.Cluster.Tests.Nodes;

/// <summary>What a node remembers of runs against a database that came back older.</summary>
public sealed class EpochMemoryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("trapline-epochs-");
    private List<CommitRecord> _log = [];

    [Fact]
    public void What_goes_on_is_as_it_should_be()
    {
        var memory = Open();
        Assert.Null(Check(memory, 0, 0));
        Commits((1, 1), (1, 2));
        Assert.Null(Check(memory, 1, 1));
        Assert.Null(Check(memory, 1, 2));
        Commits((1, 1), (1, 2), (1, 3), (2, 4), (2, 5));
        Assert.Null(Check(memory, 2, 5));
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    [InlineData(0, 0)]
    public void An_earlier_state_is_an_older_database_also_for_a_node_that_was_started_again(long epoch, long revision)
    {
        Commits((1, 1), (1, 2), (1, 3), (2, 4));
        Assert.Null(Check(Open(), 2, 4));
        Assert.Contains("the database is older than what was done with it", Check(Open(), epoch, revision), StringComparison.Ordinal);
        // And it stays so: what it is shown now is not what it remembers.
        Assert.Contains("node n1 has seen epoch 2, revision 4", Check(Open(), epoch, revision), StringComparison.Ordinal);
    }

    /// <summary>Another node, which had not seen the newest commit, went on with the older database before this one looked.</summary>
    [Theory]
    [InlineData(2, 3)]
    [InlineData(2, 4)]
    [InlineData(3, 9)]
    public void A_later_state_that_was_come_to_by_another_way_is_an_older_database_too(long epoch, long revision)
    {
        Commits((1, 1), (1, 2), (1, 3));
        var memory = Open();
        Assert.Null(Check(memory, 1, 3));
        Commits((1, 1), (1, 2), (2, 3), (2, 4), (3, 5), (3, 9));
        Assert.Contains("is no part of that", Check(memory, epoch, revision), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_no_node_wrote_is_refused_with_its_name()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "epochs-cluster.json"), "{\"1\":");
        Assert.Contains("epochs-cluster.json is not what a node writes", Assert.Throws<IOException>(Open).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private EpochMemory Open() => EpochMemory.Open(_folder.FullName, "n1", "cluster");

    private string? Check(EpochMemory memory, long epoch, long revision) => memory.Check(new RunRow(7, "run", "build", RunPhase.Open, epoch, 1, false, revision, ""), _ => _log);

    private void Commits(params (long Epoch, long Revision)[] commits) => _log = [.. commits.Select((commit, number) => new CommitRecord(number, 7, commit.Epoch, commit.Revision, 1, "", default))];
}
