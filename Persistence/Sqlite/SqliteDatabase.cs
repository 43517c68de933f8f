using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Trapline.Persistence.Format;
using Trapline.Persistence.Migrations;
using Trapline.Persistence.Sql;

namespace Trapline.Persistence.Sqlite;

/// <summary>
/// A database file: how it is opened, whose it is, which version it has. With a rollback journal, not a write-ahead log: a checkpoint is large
/// and new, so that its pages are written once, and at rest there is one file, which can be copied and read without being written. Where nodes of a
/// cluster meet in it, they change it to a write-ahead log.
/// </summary>
/// <param name="path">Of the file.</param>
/// <param name="patience">How long a locked database is waited for; whole seconds.</param>
/// <param name="mostPages">Pages of 4 KiB that it may have; SQLite has no more than its default.</param>
internal sealed class SqliteDatabase(string path, TimeSpan patience, uint mostPages = SqliteDatabase.MostPages)
{
    /// <summary>In the file's header: the letters TRPL.</summary>
    public const int ApplicationId = 0x5452504c;

    public const uint MostPages = 1_073_741_823;

    private static readonly IReadOnlyList<Migration> Migrations = MigrationScripts.Of("Sqlite");

    public string Place { get; } = StoreUrl.Shown(path);

    /// <summary>Makes the file where there is none, and brings it to this version's schema.</summary>
    /// <exception cref="CheckpointException">It is something else, or newer.</exception>
    public void Prepare()
    {
        NetworkFileSystem.Refuse(path);
        if (Directory.Exists(path))
        {
            throw new CheckpointException(CheckpointFailure.Input, $"{Place} is a folder; name a file with --store");
        }

        try
        {
            Migrate();
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode == SqliteFailures.NotADatabase)
        {
            throw Foreign(failure);
        }
    }

    private void Migrate()
    {
        using var connection = Open(SqliteOpenMode.ReadWriteCreate);
        if (Version(connection) == Migrations.Count)
        {
            return;
        }

        // Of a new file only: space of removed checkpoints is given back in the transaction that removes them.
        connection.Execute("PRAGMA auto_vacuum = FULL");
        using var change = new SqlChange(connection, BeginWrite(connection));
        // Again, now that nobody else can change it.
        foreach (var migration in Migrations.Skip(Version(connection)))
        {
            connection.Execute(migration.Sql, transaction: change.Transaction);
        }

        connection.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Migrations.Count}", transaction: change.Transaction);
        change.Commit();
    }

    /// <summary>Opens it for one call.</summary>
    public DbConnection Connect()
    {
        var connection = Open(SqliteOpenMode.ReadWrite);
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

    /// <summary>Takes the lock of the one writer at once, so that nobody finds out at the end that another was faster.</summary>
    public static DbTransaction BeginWrite(DbConnection connection) => ((SqliteConnection)connection).BeginTransaction(deferred: false);

    public static DbTransaction BeginRead(DbConnection connection) => ((SqliteConnection)connection).BeginTransaction(deferred: true);

    private SqliteConnection Open(SqliteOpenMode mode)
    {
        SqliteLibrary.Load();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            ForeignKeys = true,
            DefaultTimeout = (int)patience.TotalSeconds,
        }.ConnectionString);
        try
        {
            connection.Open();
            BusyWaiting.Begin(connection, patience);
            // EXTRA is FULL, and the folder is written out too when the journal is removed: what was committed stays after a power cut.
            connection.Execute($"PRAGMA synchronous = EXTRA; PRAGMA trusted_schema = OFF; PRAGMA max_page_count = {mostPages}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Version of its schema; 0 for a new file.</summary>
    private int Version(SqliteConnection connection)
    {
        // One statement, which sees one state: who makes the database at this moment makes all of it at once, and between two looks it would be another program's.
        var (application, version, objects) = connection.QuerySingle<(long Application, long Version, long Objects)>(
            "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_master) FROM pragma_application_id, pragma_user_version");
        if (application != ApplicationId && (application != 0 || version != 0 || objects != 0))
        {
            throw new CheckpointException(CheckpointFailure.Input, $"{Place} is a database of another program (application_id 0x{application:x8}); name another file with --store");
        }

        if (version > Migrations.Count)
        {
            throw new CheckpointException(CheckpointFailure.Input, $"{Place} has schema version {version}, and this program knows up to version {Migrations.Count}: use a Trapline that knows version {version}, or another store");
        }

        return version >= 0 ? (int)version : throw new CheckpointException(CheckpointFailure.Input, $"{Place} has schema version {version}: it was altered; use another store");
    }

    /// <summary>
    /// SQLite says "file is not a database"; people want to know what it is. Only of a file of which SQLite has said so: to close one that is
    /// a database would end the locks that this process has on it by other connections (https://www.sqlite.org/howtocorrupt.html, 2.2).
    /// </summary>
    private CheckpointException Foreign(SqliteException failure)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var beginning = new byte[ForeignFile.Beginning];
        var read = file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false);
        var remedy = beginning.AsSpan(0, read).StartsWith(FileLayout.Magic) ? "it is an exported checkpoint: 'trapline snapshot import' takes it into a store" : $"it looks like {ForeignFile.Describe(beginning.AsSpan(0, read))}; name another file with --store";
        return new(CheckpointFailure.Input, $"{Place} is no store of checkpoints: {remedy}", failure);
    }
}
