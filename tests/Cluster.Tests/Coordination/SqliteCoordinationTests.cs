using Microsoft.Data.Sqlite;
using Trapline.Cluster.Coordination;
using Trapline.Cluster.Coordination.Sqlite;
using Trapline.Cluster.Tests.Fabric;
using Trapline.Persistence;
using Trapline.Persistence.Sqlite;
using Xunit;

namespace Trapline.Cluster.Tests.Coordination;

/// <summary>The contract on SQLite, and what is particular to a file.</summary>
[Trait("Runs", "Once")]
public sealed class SqliteCoordinationTests : CoordinationContract
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("trapline-coordination-");

    protected override string Url => $"sqlite:{File}";

    private string File => Path.Combine(_folder.FullName, "cluster.db");

    protected override void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    [Fact]
    public void A_lease_of_an_earlier_start_of_the_machine_has_lapsed()
    {
        var (authority, revision) = Taken();
        Execute("UPDATE run SET lease_boot = 'earlier'; UPDATE member SET lease_boot = 'earlier'");
        Assert.True(Coordination.Find(authority.Run)!.HolderLapsed);
        Assert.Null(Coordination.TryCommit(authority, revision, new("a", "a")));
        Assert.Equal(2, Join("holder0").Generation);
    }

    [Fact]
    public void A_lease_that_is_longer_than_any_is_of_another_start_too()
    {
        var (authority, _) = Taken();
        Execute("UPDATE run SET lease_until_ms = lease_until_ms + 7200000");
        Assert.True(Coordination.Find(authority.Run)!.HolderLapsed);
    }

    /// <summary>
    /// To load the driver's library once more gives it other callbacks. A connection holds those of its first function; it called the second, given to it
    /// after another thread's load, through one that a garbage collection had taken, and that ended the process.
    /// </summary>
    [Fact]
    public void The_clock_of_a_connection_stays_while_others_load_the_library()
    {
        using var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
        connection.Open();
        SqliteClock.Register(connection);
        SqliteLibrary.Load();
        SqliteClock.Register(connection);
        SqliteLibrary.Load();
        for (var collection = 0; collection < 10; collection++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {SqliteClock.Now}()";
        var before = Environment.TickCount64;
        Assert.InRange((long)command.ExecuteScalar()!, before, Environment.TickCount64);
    }

    [Fact]
    public void A_full_disk_is_said_and_leaves_what_was_there()
    {
        using var small = new SqliteCoordination(File, TimeSpan.FromSeconds(1), mostPages: 80);
        var run = small.Submit(new("a", "b", [1], "plan"));
        Assert.Contains("disk is full", Refused(CoordinationFailure.Full, () => small.Submit(new("a", "b", new byte[1 << 20], "plan"))).Message, StringComparison.Ordinal);
        Assert.Single(small.Runs(false));
        Assert.Equal([1], small.Specification(run));
        small.Submit(new("a", "b", [1], "plan"));
    }

    [Fact]
    public void A_locked_file_is_unavailable_until_it_is_free()
    {
        using var impatient = new SqliteCoordination(File, TimeSpan.FromSeconds(1));
        using (var other = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            other.Open();
            using var transaction = other.BeginTransaction(deferred: false);
            Assert.Contains("is locked", Refused(CoordinationFailure.Unavailable, () => impatient.Submit(new("a", "b", [1], "plan"))).Message, StringComparison.Ordinal);
            Assert.Empty(impatient.Runs(false));
        }

        impatient.Submit(new("a", "b", [1], "plan"));
    }

    [Fact]
    public void A_file_that_is_gone_is_not_made_again()
    {
        Submit();
        System.IO.File.Delete(File);
        Refused(CoordinationFailure.Unavailable, () => Submit());
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public void What_is_no_cluster_says_what_it_is()
    {
        System.IO.File.WriteAllText(File, "name: x\n");
        Assert.Contains("YAML", Refused(CoordinationFailure.Foreign, () => Submit()).Message, StringComparison.Ordinal);
        System.IO.File.Delete(File);
        Execute("CREATE TABLE other (x)");
        Assert.Contains("--cluster", Refused(CoordinationFailure.Foreign, () => Submit()).Message, StringComparison.Ordinal);
        Execute("PRAGMA application_id = 1414680652; PRAGMA user_version = 99");
        Assert.Contains("version 99", Refused(CoordinationFailure.Foreign, () => Submit()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("mysql://me:secret@host/db")]
    [InlineData("postgresql://me:secret@host")]
    [InlineData("postgresql://me:secret@host/db?password=secret")]
    public void What_is_no_url_is_wrong_usage_and_nothing_of_a_password_is_said(string url)
        => Assert.DoesNotContain("secret", Refused(CoordinationFailure.Usage, () => Coordinations.Open(url)).Message, StringComparison.Ordinal);

    /// <summary>Closing a descriptor ends all locks that a process has on the file: who opens the store in one thread must not free what another has locked.</summary>
    [Fact]
    public async Task Opening_the_file_again_does_not_end_the_locks_of_this_process()
    {
        Submit();
        using var holder = new SqliteConnection($"Data Source={File};Pooling=False");
        holder.Open();
        using var transaction = holder.BeginTransaction(deferred: false);
        CheckpointStores.Open(Url).Dispose();
        using var contender = new PeerProcess("contend", Url, "n", "1000");
        var (code, errors) = await contender.EndAsync();
        Assert.Equal(3, code);
        Assert.Contains("locked", errors, StringComparison.Ordinal);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _folder.Delete(recursive: true);
    }
}
