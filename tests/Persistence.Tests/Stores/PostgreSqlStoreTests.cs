using Trapline.Persistence.PostgreSql;
using Xunit;

[assembly: AssemblyFixture(typeof(Trapline.Persistence.Tests.Stores.PostgresServer))]

namespace Trapline.Persistence.Tests.Stores;

/// <summary>The contract on PostgreSQL, and what is particular to a server.</summary>
[Trait("Runs", "Once")]
public sealed class PostgreSqlStoreTests(PostgresServer server) : StoreContract
{
    private const string Database = "contract";
    private bool _cleared;

    protected override ICheckpointStore Open()
    {
        Clear();
        return CheckpointStores.Open(server.Url(Database));
    }

    protected override void Execute(string sql) => server.Query(Database, sql);

    [Fact]
    public void A_store_that_does_not_exist_is_not_made_by_looking()
    {
        Clear();
        Assert.Null(CheckpointStores.OpenExisting(server.Url(Database)));
        Assert.Equal(0, server.Query(Database, "SELECT count(*) FROM pg_namespace WHERE nspname = 'trapline'"));
        Open().Dispose();
        CheckpointStores.OpenExisting(server.Url(Database))!.Dispose();
    }

    /// <summary>As the nodes of a new cluster do. In several rounds: who comes too late or too early meets nobody.</summary>
    [Fact]
    public void Of_many_who_open_a_new_one_at_once_one_makes_it()
    {
        for (var round = 0; round < 20; round++)
        {
            server.Clear(Database);
            Parallel.For(0, 6, new ParallelOptions { MaxDegreeOfParallelism = 6 }, _ => CheckpointStores.Open(server.Url(Database)).Dispose());
        }
    }

    [Fact]
    public void A_schema_that_an_administrator_has_made_is_used()
    {
        Clear();
        server.Query(Database, "CREATE SCHEMA trapline");
        Assert.Null(CheckpointStores.OpenExisting(server.Url(Database)));
        using var store = Open();
        store.Load(store.Save(SampleCheckpoint.Create(1)));
    }

    [Theory]
    [InlineData("CREATE SCHEMA trapline; CREATE TABLE trapline.other (x integer)", CheckpointFailure.Input, "of another program")]
    [InlineData("CREATE SCHEMA trapline; CREATE TABLE trapline.schema_version (version integer); INSERT INTO trapline.schema_version VALUES (99)", CheckpointFailure.Input, "a Trapline that knows version 99")]
    public void A_schema_of_another_program_or_a_newer_one_is_refused(string sql, CheckpointFailure failure, string told)
    {
        Clear();
        server.Query(Database, sql);
        Assert.Contains(told, Same.Refused(failure, () => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_is_locked_read_only_or_gone_is_the_environments_fault()
    {
        Clear();
        using var store = PostgreSqlCheckpointStore.Open(PostgreSqlUrl.Parse(server.Url(Database).Split("://")[1]), create: true, TimeSpan.FromSeconds(1))!;
        var id = store.Save(SampleCheckpoint.Create(1));
        using (var other = new Npgsql.NpgsqlConnection(PostgreSqlUrl.Parse(server.Url(Database).Split("://")[1]).ConnectionString))
        {
            other.Open();
            using var transaction = PostgreSqlDatabase.BeginWrite(other);
            Assert.Contains("is locked", Same.Refused(CheckpointFailure.Environment, () => store.Save(SampleCheckpoint.Create(2))).Message, StringComparison.Ordinal);
            store.Load(id);
        }

        server.Query(Database, $"ALTER DATABASE {Database} SET default_transaction_read_only = on");
        Assert.Contains("is read-only", Same.Refused(CheckpointFailure.Environment, () => store.Save(SampleCheckpoint.Create(2))).Message, StringComparison.Ordinal);
        store.Load(id);
        server.Query("postgres", $"ALTER DATABASE {Database} RESET default_transaction_read_only");
        store.Save(SampleCheckpoint.Create(2));

        server.Query(Database, "DROP SCHEMA trapline CASCADE");
        Assert.Contains("start again", Same.Refused(CheckpointFailure.Environment, () => store.Save(SampleCheckpoint.Create(2))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_off_on_the_server_is_on_for_a_checkpoint()
    {
        Clear();
        server.Query(Database, $"ALTER DATABASE {Database} SET synchronous_commit = off");
        Open().Dispose();
        using var connection = new PostgreSqlDatabase(PostgreSqlUrl.Parse(server.Url(Database).Split("://")[1]), TimeSpan.FromSeconds(1)).Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "SHOW synchronous_commit";
        Assert.Equal("on", command.ExecuteScalar());
    }

    [Fact]
    public void A_database_that_does_not_exist_or_has_another_encoding_says_what_to_do()
    {
        server.Require();
        Assert.Contains("createdb", Same.Refused(CheckpointFailure.Environment, () => CheckpointStores.Open(server.Url("missing"))).Message, StringComparison.Ordinal);
        server.Query("postgres", "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0");
        Assert.Contains("--encoding UTF8", Same.Refused(CheckpointFailure.Environment, () => CheckpointStores.Open(server.Url("latin"))).Message, StringComparison.Ordinal);
    }

    private void Clear()
    {
        if (!_cleared)
        {
            server.Clear(Database);
            _cleared = true;
        }
    }
}
