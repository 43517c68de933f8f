using System.Data.Common;
using Npgsql;

namespace Trapline.Persistence.PostgreSql;

/// <summary>What PostgreSQL's error codes (https://www.postgresql.org/docs/current/errcodes-appendix.html) mean for who uses a store.</summary>
internal static class PostgreSqlFailures
{
    public static CheckpointException Explain(DbException failure, string place)
    {
        var environment = CheckpointFailure.Environment;
        var text = ((failure as PostgresException)?.MessageText ?? failure.Message).ReplaceLineEndings(" ");
        var (cause, problem) = failure.SqlState switch
        {
            null when failure.InnerException is TimeoutException => (environment, "does not answer in time: is the server busy, or the network cut?"),
            null => (environment, $"cannot be reached: {Reason(failure)}; is the server running, and is that its address?"),
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => (environment, $"does not let this user in: {text}; the password is taken from the URL, PGPASSWORD or ~/.pgpass"),
            PostgresErrorCodes.InvalidCatalogName => (environment, "does not exist; make it with 'createdb'"),
            PostgresErrorCodes.InsufficientPrivilege => (environment, $"does not permit it: {text}; GRANT CREATE ON DATABASE, or make the schema trapline for this user"),
            PostgresErrorCodes.DiskFull => (environment, "cannot grow: the server's disk is full; make room ('trapline snapshot prune')"),
            PostgresErrorCodes.LockNotAvailable => (environment, "is locked by another process; end it, or try again"),
            PostgresErrorCodes.ReadOnlySqlTransaction => (environment, "is read-only: it is a standby, or was made so; name the primary with --store"),
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow => (environment, "is starting or being shut down; try again"),
            PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName => (environment, "has lost its schema 'trapline' while it was in use; start again"),
            PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => (CheckpointFailure.Input, $"is damaged: {text}; restore the server from a backup"),
            var code => (environment, $"failed with PostgreSQL's error {code}: {text}"),
        };
        return new(cause, $"the store {place} {problem}", failure);
    }

    /// <summary>What the system said, where there was a socket; else what the driver says.</summary>
    private static string Reason(DbException failure) => (failure.InnerException ?? failure).Message.ReplaceLineEndings(" ").TrimEnd('.');
}
