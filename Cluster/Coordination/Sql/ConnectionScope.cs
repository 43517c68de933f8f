using System.Data.Common;

namespace Trapline.Cluster.Coordination.Sql;

/// <summary>One connection for the calls of a thread, opened by the first of them and again after one that failed.</summary>
/// <param name="connect">Opens it.</param>
/// <param name="end">Of the scope.</param>
internal sealed class ConnectionScope(Func<DbConnection> connect, Action end) : IDisposable
{
    private DbConnection? _connection;

    public T Call<T>(Func<DbConnection, T> work)
    {
        try
        {
            return work(_connection ??= connect());
        }
        catch
        {
            // It may be broken, or not be what it was.
            Close();
            throw;
        }
    }

    public void Dispose()
    {
        Close();
        end();
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
