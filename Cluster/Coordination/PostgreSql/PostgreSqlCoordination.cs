using System.Data;
using System.Data.Common;
using Trapline.Cluster.Coordination.Sql;
using Trapline.Persistence;
using Trapline.Persistence.PostgreSql;

namespace Trapline.Cluster.Coordination.PostgreSql;

/// <summary>A cluster of any machines, in the schema <c>trapline</c> of a PostgreSQL database.</summary>
internal sealed class PostgreSqlCoordination : SqlCoordination
{
    /// <summary>Leases are seconds: who cannot do something in time must hear so in time.</summary>
    private const int ConnectSeconds = 5;
    private const int CommandSeconds = 15;

    /// <summary>Of the advisory lock: the letters TRPC. A checkpoint that is being saved, with a lock of its own, keeps nobody from renewing a lease.</summary>
    private const int Lock = 0x54525043;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly PostgreSqlDatabase _database;
    private readonly PostgreSqlChanges _changes;

    private PostgreSqlCoordination(PostgreSqlUrl url)
    {
        _database = new(url.WithTimeouts(ConnectSeconds, CommandSeconds), Patience);
        _changes = new(url.WithTimeouts(ConnectSeconds, CommandSeconds).ConnectionString);
    }

    public override string Place => StoreUrl.Shown(_database.Place);

    protected override string ClockSql => DateSql;

    protected override string DateSql => "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

    protected override string LeaseSql => $"lease_until_ms = {ClockSql} + @milliseconds";

    protected override string LapsedSql => $"(lease_until_ms <= {ClockSql})";

    protected override string KeepSql => " FOR SHARE";

    /// <returns>Null where there is no schema, and none is to be made.</returns>
    /// <exception cref="CoordinationException">It cannot be reached, or is newer, or of another program.</exception>
    public static PostgreSqlCoordination? Open(PostgreSqlUrl url, bool create)
    {
        var coordination = new PostgreSqlCoordination(url);
        var opened = coordination.Prepare(() =>
        {
            if (!create && !coordination._database.Exists())
            {
                return false;
            }

            coordination._database.Prepare();
            return true;
        });
        return opened ? coordination : null;
    }

    public override bool WaitForChange(TimeSpan atMost, CancellationToken cancellation) => _changes.Wait(atMost, cancellation);

    protected override DbConnection Connect() => _database.Connect();

    protected override DbTransaction BeginWrite(DbConnection connection) => connection.BeginTransaction(IsolationLevel.ReadCommitted);

    protected override DbTransaction BeginAlone(DbConnection connection) => PostgreSqlDatabase.BeginWrite(connection, Lock);

    protected override CheckpointException Explain(DbException failure) => PostgreSqlFailures.Explain(failure, Place);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _changes.Dispose();
        }
    }
}
