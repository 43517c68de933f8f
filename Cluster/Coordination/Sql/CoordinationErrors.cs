using Microsoft.Data.Sqlite;
using Npgsql;
using Trapline.Persistence;

namespace Trapline.Cluster.Coordination.Sql;

/// <summary>
/// What failed, as whoever coordinates has to know it. The stores' code opens the database and explains its errors; their messages name what
/// the user of a store has given.
/// </summary>
internal static class CoordinationErrors
{
    /// <param name="failure">Of the stores' code.</param>
    /// <param name="otherwise">What it is where no error of the database is behind it.</param>
    public static CoordinationException Translate(CheckpointException failure, CoordinationFailure otherwise) => new(
        failure.InnerException switch
        {
            SqliteException sqlite => KindOf(sqlite.SqliteErrorCode),
            PostgresException postgres => KindOf(postgres.SqlState),
            null => otherwise,
            _ => CoordinationFailure.Unavailable,
        },
        failure.Message.Replace("--store", "--cluster", StringComparison.Ordinal)
            .Replace("the store", "the cluster's database", StringComparison.Ordinal)
            .Replace("another store", "another database", StringComparison.Ordinal),
        failure);

    /// <summary>By SQLite's result codes: https://www.sqlite.org/rescode.html.</summary>
    private static CoordinationFailure KindOf(int code) => code switch
    {
        // SQLITE_FULL, SQLITE_READONLY.
        13 or 8 => CoordinationFailure.Full,
        // SQLITE_CONSTRAINT: the number of a run or member that there is none of.
        19 => CoordinationFailure.Usage,
        // SQLITE_ERROR (a table or column is missing), SQLITE_CORRUPT, SQLITE_MISMATCH, SQLITE_NOTADB.
        1 or 11 or 20 or 26 => CoordinationFailure.Foreign,
        _ => CoordinationFailure.Unavailable,
    };

    /// <summary>By PostgreSQL's error codes, the classes first: https://www.postgresql.org/docs/current/errcodes-appendix.html.</summary>
    private static CoordinationFailure KindOf(string state) => state switch
    {
        PostgresErrorCodes.DiskFull or PostgresErrorCodes.ReadOnlySqlTransaction => CoordinationFailure.Full,
        PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InsufficientPrivilege => CoordinationFailure.Usage,
        // Who may come in; constraints. Then missing tables and columns; damage.
        ['2', '8', ..] or ['2', '3', ..] => CoordinationFailure.Usage,
        ['4', '2', ..] or ['3', 'F', ..] or ['X', 'X', ..] => CoordinationFailure.Foreign,
        _ => CoordinationFailure.Unavailable,
    };
}
