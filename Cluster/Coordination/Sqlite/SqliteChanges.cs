using System.Data.Common;
using System.Diagnostics;
using Dapper;

namespace Trapline.Cluster.Coordination.Sqlite;

/// <summary>
/// Sees that others have changed a file: SQLite counts the changes in the file's header, and a connection that is kept open tells when the
/// count moved (https://www.sqlite.org/pragma.html#pragma_data_version). Every thread hears of each change once.
/// </summary>
/// <param name="connect">Opens the file.</param>
internal sealed class SqliteChanges(Func<DbConnection> connect) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly ThreadLocal<long> _heard = new(static () => -1);
    private DbConnection? _connection;
    private bool _disposed;

    /// <returns>Whether there was a change since this thread last asked; the first time, since nobody knows.</returns>
    public bool Wait(TimeSpan atMost, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            if (Version() is var version && version != _heard.Value)
            {
                _heard.Value = version;
                return true;
            }

            var left = atMost - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || cancellation.WaitHandle.WaitOne(left < Pause ? left : Pause))
            {
                return false;
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _connection?.Dispose();
            _connection = null;
        }

        _heard.Dispose();
    }

    private long Version()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _connection ??= connect();
            return _connection.ExecuteScalar<long>("PRAGMA data_version");
        }
    }
}
