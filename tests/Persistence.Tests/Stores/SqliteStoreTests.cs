using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Trapline.Persistence.Sqlite;
using Xunit;

namespace Trapline.Persistence.Tests.Stores;

/// <summary>The contract on SQLite, and what is particular to a file.</summary>
[Trait("Runs", "Once")]
public sealed class SqliteStoreTests : StoreContract
{
    private readonly TestFolder _folder = new();

    private string File => _folder.PathOf("store.db");

    protected override ICheckpointStore Open() => CheckpointStores.Open($"sqlite:{File}");

    protected override void Execute(string sql) => Execute(File, sql);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _folder.Dispose();
    }

    [Fact]
    public void A_store_that_does_not_exist_is_not_made_by_looking()
    {
        Assert.Null(CheckpointStores.OpenExisting(File));
        Assert.False(Path.Exists(File));
        Open().Dispose();
        CheckpointStores.OpenExisting(File)!.Dispose();
    }

    /// <summary>As the nodes of a new cluster do. In several rounds: who comes too late or too early meets nobody.</summary>
    [Fact]
    public void Of_many_who_open_a_new_one_at_once_one_makes_it()
    {
        for (var round = 0; round < 20; round++)
        {
            var file = _folder.PathOf($"new{round}.db");
            Parallel.For(0, 6, new ParallelOptions { MaxDegreeOfParallelism = 6 }, _ => CheckpointStores.Open(file).Dispose());
        }
    }

    [Fact]
    public void At_rest_it_is_one_file()
    {
        using var store = Open();
        store.Save(SampleCheckpoint.Create(1));
        Assert.Equal([File], Directory.GetFileSystemEntries(Path.GetDirectoryName(File)!));
    }

    [Fact]
    public void Deleting_gives_space_back()
    {
        using var store = Open();
        var ids = Enumerable.Range(1, 8).Select(number => store.Save(SampleCheckpoint.Create(number, 1 << 20))).ToList();
        var before = new FileInfo(File).Length;
        store.Delete(ids[..7]);
        Assert.InRange(new FileInfo(File).Length, 1, before / 4);
        store.Load(ids[7]);
    }

    [Theory]
    [InlineData("CREATE TABLE other (x); PRAGMA application_id = 1", "another program (application_id 0x00000001)")]
    [InlineData("CREATE TABLE other (x)", "another program")]
    [InlineData("PRAGMA application_id = 1414680652; PRAGMA user_version = 99", "a Trapline that knows version 99")]
    [InlineData("PRAGMA application_id = 1414680652; PRAGMA user_version = -3", "version -3")]
    public void A_database_of_another_program_or_a_newer_one_is_refused_and_not_touched(string sql, string told)
    {
        Execute(sql);
        var before = System.IO.File.ReadAllBytes(File);
        Assert.Contains(told, Same.Refused(CheckpointFailure.Input, () => Open()).Message, StringComparison.Ordinal);
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
    }

    [Theory]
    [InlineData("\u001f\u008b\u0008", "gzip data")]
    [InlineData("{ \"a\": 1 }", "JSON")]
    [InlineData("name: x\n", "YAML")]
    [InlineData("\u0089TRAP\r\n\u001a", "snapshot import")]
    public void A_foreign_file_is_refused_and_not_touched(string beginning, string told)
    {
        System.IO.File.WriteAllBytes(File, [.. beginning.Select(character => (byte)character)]);
        Assert.Contains(told, Same.Refused(CheckpointFailure.Input, () => Open()).Message, StringComparison.Ordinal);
        Assert.Equal(beginning.Length, new FileInfo(File).Length);
    }

    [Fact]
    public void An_empty_file_becomes_a_store_since_a_process_may_have_died_that_made_it()
    {
        System.IO.File.WriteAllBytes(File, []);
        using var store = Open();
        Assert.Empty(store.List());
    }

    [Fact]
    public void A_damaged_database_is_refused()
    {
        using var store = Open();
        var id = store.Save(SampleCheckpoint.Create(1));
        var bytes = System.IO.File.ReadAllBytes(File);
        bytes.AsSpan(4_096, bytes.Length - 8_192).Fill(0xa5);
        System.IO.File.WriteAllBytes(File, bytes);
        Same.Refused(CheckpointFailure.Input, () => store.Load(id));
        System.IO.File.WriteAllBytes(File, bytes[..1_000]);
        Same.Refused(CheckpointFailure.Input, () => store.Load(id));
    }

    [Fact]
    public void A_locked_database_is_waited_for_and_then_given_up()
    {
        using var store = new SqliteCheckpointStore(File, TimeSpan.FromSeconds(1));
        var id = store.Save(SampleCheckpoint.Create(1));
        using var other = Connect(File);
        using (other.BeginTransaction(deferred: false))
        {
            Assert.Contains("is locked by another process, for 1 s", Same.Refused(CheckpointFailure.Environment, () => store.Save(SampleCheckpoint.Create(2))).Message, StringComparison.Ordinal);
            // One who only reads is not kept waiting by a writer that has not begun to write its file.
            store.Load(id);
        }

        store.Save(SampleCheckpoint.Create(2));
    }

    /// <summary>SQLite's own handler, in a library that was built without usleep, sleeps a second where it means a millisecond.</summary>
    [Fact]
    public void A_lock_that_is_given_back_is_had_long_before_a_second_is_over()
    {
        using var store = new SqliteCheckpointStore(File, TimeSpan.FromSeconds(10));
        var waited = Enumerable.Range(1, 5).Min(number =>
        {
            using var other = Connect(File);
            using var held = other.BeginTransaction(deferred: false);
            var begun = Stopwatch.GetTimestamp();
            var saving = Task.Run(() => store.Save(SampleCheckpoint.Create(number)), TestContext.Current.CancellationToken);
            Assert.False(saving.Wait(TimeSpan.FromMilliseconds(60), TestContext.Current.CancellationToken));
            held.Rollback();
            saving.Wait(TestContext.Current.CancellationToken);
            return Stopwatch.GetElapsedTime(begun);
        });
        Assert.InRange(waited, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(900));
    }

    [Fact]
    public void A_full_disk_leaves_what_was_there()
    {
        using var store = new SqliteCheckpointStore(File, TimeSpan.FromSeconds(1), mostPages: 60);
        var id = store.Save(SampleCheckpoint.Create(1));
        Assert.Contains("the disk is full", Same.Refused(CheckpointFailure.Environment, () => store.Save(SampleCheckpoint.Create(2, bytes: 1 << 20))).Message, StringComparison.Ordinal);
        Assert.Equal([id], store.List().Select(stored => stored.Id));
        store.Load(id);
        store.Save(SampleCheckpoint.Create(3));
    }

    [Fact]
    public void A_database_that_is_gone_is_not_made_again_behind_the_users_back()
    {
        using var store = Open();
        store.Save(SampleCheckpoint.Create(1));
        System.IO.File.Delete(File);
        Assert.Contains("is not there", Same.Refused(CheckpointFailure.Environment, () => store.Save(SampleCheckpoint.Create(2))).Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(File));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_the_environments_fault()
    {
        Same.Refused(CheckpointFailure.Environment, () => CheckpointStores.Open(_folder.PathOf("missing", "store.db")));
        Same.Refused(CheckpointFailure.Environment, () => CheckpointStores.Open("/proc/trapline-store.db"));
        Same.Refused(CheckpointFailure.Input, () => CheckpointStores.Open(_folder.PathOf()));
    }

    [Theory]
    [InlineData(5, 5, CheckpointFailure.Environment, "locked")]
    [InlineData(8, 8, CheckpointFailure.Environment, "read-only")]
    [InlineData(8, 1032, CheckpointFailure.Environment, "removed or renamed")]
    [InlineData(10, 778, CheckpointFailure.Environment, "disk failed")]
    [InlineData(11, 11, CheckpointFailure.Input, "damaged")]
    [InlineData(13, 13, CheckpointFailure.Environment, "disk is full")]
    [InlineData(14, 14, CheckpointFailure.Environment, "not there")]
    [InlineData(26, 26, CheckpointFailure.Input, "no SQLite database")]
    [InlineData(7, 7, CheckpointFailure.Environment, "result code 7")]
    public void Every_result_code_says_whose_fault_it_is(int code, int extended, CheckpointFailure failure, string told)
    {
        var explained = SqliteFailures.Explain(new("x", code, extended), "'p'", File, TimeSpan.FromSeconds(1));
        Assert.Equal(failure, explained.Failure);
        Assert.Contains(told, explained.Message, StringComparison.Ordinal);
    }

    internal static SqliteConnection Connect(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        return connection;
    }

    internal static void Execute(string file, string sql)
    {
        using var connection = Connect(file);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
