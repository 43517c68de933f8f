using Dapper;
using Microsoft.Data.Sqlite;

namespace Trapline.Cluster.Chaos;

/// <summary>Locks the file of an SQLite database against everybody: what a hanging backup or another stuck process does to it.</summary>
/// <param name="path">Of the file.</param>
public sealed class SqliteLock(string path) : IDatabaseLoss, IDisposable
{
    private SqliteConnection? _connection;

    public void Take()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ConnectionString);
        connection.Open();
        connection.Execute("BEGIN EXCLUSIVE");
        _connection = connection;
    }

    public void GiveBack()
    {
        _connection?.Dispose();
        _connection = null;
    }

    public void Dispose() => GiveBack();
}
