using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Trapline.Persistence.Sql;

/// <summary>A connection and the transaction that is open on it; it is undone where it ends without <see cref="Commit"/>.</summary>
internal readonly record struct SqlChange(DbConnection Connection, DbTransaction Transaction) : IDisposable
{
    public void Commit() => Transaction.Commit();

    public void Dispose()
    {
        try
        {
            Transaction.Dispose();
        }
        catch (SqliteException)
        {
            // Where it cannot write, as on a full disk, SQLite has undone the transaction by itself (https://www.sqlite.org/lang_transaction.html,
            // section 3). The driver does not know: its ROLLBACK fails, here and again where the connection is closed, and hides what happened.
            // It gets a transaction that it can undo.
            Connection.Execute("BEGIN TRANSACTION");
            Transaction.Dispose();
        }
    }
}
