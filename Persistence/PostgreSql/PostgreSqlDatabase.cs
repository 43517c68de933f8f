using System.Data;
using System.Data.Common;
using Dapper;
using Npgsql;
using Trapline.Persistence.Migrations;

namespace Trapline.Persistence.PostgreSql;

/// <summary>The schema <c>trapline</c> of a database: how it is opened, and which version it has.</summary>
internal sealed class PostgreSqlDatabase(PostgreSqlUrl url, TimeSpan patience)
{
    /// <summary>Of the advisory lock that every change takes: the letters TRPL.</summary>
    private const int Lock = 0x5452504c;

    private static readonly IReadOnlyList<Migration> Migrations = MigrationScripts.Of("PostgreSql");

    public string Place => url.Place;

    /// <summary>Whether the schema is there.</summary>
    public bool Exists()
    {
        using var connection = Open();
        return IsThere(connection);
    }

    /// <summary>Makes the schema where there is none, and brings it to this version.</summary>
    /// <exception cref="CheckpointException">It is of another program, or newer.</exception>
    public void Prepare()
    {
        using var connection = Open();
        if (Version(connection) == Migrations.Count)
        {
            return;
        }

        using var transaction = BeginWrite(connection);
        // Again, now that nobody else can change it.
        var version = Version(connection);
        if (version == 0)
        {
            CreateSchema(connection);
        }

        foreach (var migration in Migrations.Skip(version))
        {
            connection.Execute(migration.Sql, transaction: transaction);
            connection.Execute("INSERT INTO schema_version (version) VALUES (@Version)", new { migration.Version }, transaction);
        }

        transaction.Commit();
    }

    /// <summary>Opens it for one call.</summary>
    public DbConnection Connect()
    {
        var connection = Open();
        try
        {
            var version = Version(connection);
            return version == Migrations.Count
                ? connection
                : throw new CheckpointException(CheckpointFailure.Environment, $"{Place} was replaced while it was in use: it has schema version {version} now; start again");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>One change at a time: that a blob is there stays true until the parts that need it are.</summary>
    /// <param name="connection">To the database.</param>
    /// <param name="number">Of the advisory lock: those who change other tables have another one.</param>
    public static DbTransaction BeginWrite(DbConnection connection, int number = Lock)
    {
        var transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted);
        connection.Execute("SELECT pg_advisory_xact_lock(@number)", new { number }, transaction);
        return transaction;
    }

    public static DbTransaction BeginRead(DbConnection connection) => connection.BeginTransaction(IsolationLevel.RepeatableRead);

    private NpgsqlConnection Open()
    {
        var connection = new NpgsqlConnection(url.ConnectionString);
        try
        {
            connection.Open();
            // What Save has returned must be there after a crash of the server, whatever is usual on it; more than "on" is left as it is.
            connection.Execute(
                "SELECT set_config('search_path', 'trapline', false), set_config('lock_timeout', @Milliseconds, false), "
                + "set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false)",
                new { Milliseconds = $"{(long)patience.TotalMilliseconds}" });
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static bool IsThere(NpgsqlConnection connection) => Tables(connection).Ours;

    /// <summary>Version of the schema; 0 where there is none, or an empty one.</summary>
    private int Version(NpgsqlConnection connection)
    {
        var (any, ours) = Tables(connection);
        if (ours)
        {
            var version = connection.ExecuteScalar<int?>("SELECT max(version) FROM schema_version") ?? 0;
            return version <= Migrations.Count
                ? version
                : throw new CheckpointException(CheckpointFailure.Input, $"{Place} has schema version {version}, and this program knows up to version {Migrations.Count}: use a Trapline that knows version {version}, or another store");
        }

        return any ? throw new CheckpointException(CheckpointFailure.Input, $"{Place} has a schema 'trapline' of another program; name another database with --store") : 0;
    }

    /// <summary>
    /// Whether the schema has any tables, and ours among them. In one look: who makes it at this moment makes all of it at once, and between two
    /// looks it would be another program's.
    /// </summary>
    private static (bool Any, bool Ours) Tables(NpgsqlConnection connection) => connection.QuerySingle<(bool Any, bool Ours)>(
        "SELECT count(*) > 0, coalesce(bool_or(relname = 'schema_version'), false) FROM pg_class WHERE relnamespace = to_regnamespace('trapline')");

    private void CreateSchema(NpgsqlConnection connection)
    {
        if (connection.ExecuteScalar<string>("SHOW server_encoding") is not "UTF8" and var encoding)
        {
            throw new CheckpointException(CheckpointFailure.Environment, $"{Place} is in the encoding {encoding}; make one with 'createdb --encoding UTF8 --template template0 NAME'");
        }

        // An administrator may have made it for a user who may not.
        if (connection.ExecuteScalar<bool>("SELECT to_regnamespace('trapline') IS NULL"))
        {
            connection.Execute("CREATE SCHEMA trapline");
        }

        connection.Execute("CREATE TABLE schema_version (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())");
    }
}
