using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Trapline.Cluster.Coordination.Sql;
using Trapline.Persistence;
using Trapline.Persistence.Sqlite;

namespace Trapline.Cluster.Coordination.Sqlite;

/// <summary>A cluster on one machine, in a file that its processes share.</summary>
internal sealed class SqliteCoordination : SqlCoordination
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SqliteDatabase _database;
    private readonly SqliteChanges _changes;
    private readonly string _path;
    private readonly TimeSpan _patience;

    /// <param name="path">Of the file.</param>
    /// <param name="patience">How long a locked database is waited for; whole seconds.</param>
    /// <param name="mostPages">Pages that it may have: a disk that is full sooner.</param>
    /// <exception cref="CoordinationException">It is something else, newer, or cannot be made.</exception>
    public SqliteCoordination(string path, TimeSpan patience, uint mostPages = SqliteDatabase.MostPages)
    {
        // Later calls mean the same file wherever the process has gone.
        _path = Path.GetFullPath(path);
        _patience = patience;
        _database = new(_path, patience, mostPages);
        _changes = new(Connect);
        Place = StoreUrl.Shown(path);
        Prepare(() =>
        {
            _database.Prepare();
            // Nodes look all the time, and heartbeats, reports and results of all are written all the time: with a rollback journal each
            // would wait for the others. The file remembers it.
            using var connection = _database.Connect();
            connection.ExecuteScalar<string>("PRAGMA journal_mode = WAL");
            return true;
        });
    }

    public override string Place { get; }

    protected override string ClockSql => $"{SqliteClock.Now}()";

    protected override string DateSql => "CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)";

    protected override string LeaseSql => $"lease_until_ms = {SqliteClock.Now}() + @milliseconds, lease_boot = {SqliteClock.Boot}()";

    /// <summary>What is further away than any lease was given before the machine's last start too, where the system does not tell one start from another.</summary>
    protected override string LapsedSql
        => $"(lease_boot <> {SqliteClock.Boot}() OR lease_until_ms - {SqliteClock.Now}() NOT BETWEEN 1 AND {(long)CoordinationLimits.LongestLease.TotalMilliseconds})";

    /// <summary>There is one writer.</summary>
    protected override string KeepSql => "";

    public override bool WaitForChange(TimeSpan atMost, CancellationToken cancellation) => Guarded(() => _changes.Wait(atMost, cancellation));

    protected override DbConnection Connect()
    {
        var connection = (SqliteConnection)_database.Connect();
        SqliteClock.Register(connection);
        return connection;
    }

    protected override DbTransaction BeginWrite(DbConnection connection) => SqliteDatabase.BeginWrite(connection);

    protected override DbTransaction BeginAlone(DbConnection connection) => SqliteDatabase.BeginWrite(connection);

    protected override CheckpointException Explain(DbException failure) => SqliteFailures.Explain((SqliteException)failure, Place, _path, _patience);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _changes.Dispose();
        }
    }
}
