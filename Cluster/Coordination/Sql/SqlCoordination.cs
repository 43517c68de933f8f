using System.Data;
using System.Data.Common;
using System.Net.Sockets;
using Dapper;
using Trapline.Persistence;
using Trapline.Persistence.Sql;

namespace Trapline.Cluster.Coordination.Sql;

/// <summary>
/// What both databases do alike. Every call has a connection of its own, as those of the checkpoint stores, or one of its thread's
/// (<see cref="Together"/>): calls of several threads do not meet, and a database that went away is found out by the call that needs it, and
/// used again by the next.
/// </summary>
internal abstract partial class SqlCoordination : ICoordination
{
    private readonly ThreadLocal<ConnectionScope?> _scope = new();
    private string? _clusterId;

    public abstract string Place { get; }

    public string ClusterId => _clusterId!;

    /// <summary>Milliseconds by the clock that leases are held against, read when the statement comes to it.</summary>
    protected abstract string ClockSql { get; }

    /// <summary>Milliseconds since 1970, for people.</summary>
    protected abstract string DateSql { get; }

    /// <summary>Assignments that make a lease of <c>@milliseconds</c> from now.</summary>
    protected abstract string LeaseSql { get; }

    /// <summary>Whether the lease of a row is over.</summary>
    protected abstract string LapsedSql { get; }

    /// <summary>What a SELECT says so that nobody changes its rows until the transaction is over.</summary>
    protected abstract string KeepSql { get; }

    public IDisposable Together() => _scope.Value is null
        ? _scope.Value = new ConnectionScope(ConnectAgain, () => _scope.Value = null)
        : throw new InvalidOperationException("the calls of this thread are together already");

    public abstract bool WaitForChange(TimeSpan atMost, CancellationToken cancellation);

    public void Dispose()
    {
        Dispose(true);
        _scope.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    /// <summary>Opens the database, of which it is known that it has this version's schema.</summary>
    protected abstract DbConnection Connect();

    /// <summary>Begins a change whose statements each say under which condition they make it.</summary>
    protected abstract DbTransaction BeginWrite(DbConnection connection);

    /// <summary>Begins a change, alone among those that begin so.</summary>
    protected abstract DbTransaction BeginAlone(DbConnection connection);

    /// <summary>What a failure of the database means.</summary>
    protected abstract CheckpointException Explain(DbException failure);

    /// <summary>Opens it for the first time.</summary>
    /// <param name="open">Makes or migrates it; false where there is none and none is to be made.</param>
    protected bool Prepare(Func<bool> open) => Guarded(
        () =>
        {
            if (!open())
            {
                return false;
            }

            using var connection = Connect();
            _clusterId = connection.QuerySingle<string>("SELECT id FROM cluster");
            return true;
        },
        CoordinationFailure.Usage);

    private T Call<T>(Func<DbConnection, T> work) => Guarded(() =>
    {
        if (_scope.Value is { } scope)
        {
            return scope.Call(work);
        }

        using var connection = ConnectAgain();
        return work(connection);
    });

    /// <summary>Reads by one statement, which sees one state of the database.</summary>
    private T Read<T>(Func<DbConnection, T> work) => Call(work);

    private T Write<T>(Func<SqlChange, T> work, bool alone = false) => Call(connection =>
    {
        using var change = new SqlChange(connection, alone ? BeginAlone(connection) : BeginWrite(connection));
        var result = work(change);
        change.Commit();
        return result;
    });

    /// <summary>What was agreed on in one database is worth nothing in another.</summary>
    private DbConnection ConnectAgain()
    {
        var connection = Connect();
        try
        {
            return connection.QuerySingle<string>("SELECT id FROM cluster") == ClusterId
                ? connection
                : throw new CoordinationException(CoordinationFailure.Foreign, $"{Place} was replaced by another cluster's database while it was in use; start again");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    protected T Guarded<T>(Func<T> work, CoordinationFailure otherwise = CoordinationFailure.Foreign)
    {
        try
        {
            return work();
        }
        catch (DbException failure)
        {
            throw CoordinationErrors.Translate(Explain(failure), otherwise);
        }
        catch (CheckpointException failure)
        {
            // What is no database of this program's is no wrong usage, whoever names it.
            throw CoordinationErrors.Translate(failure, failure.Failure == CheckpointFailure.Input ? CoordinationFailure.Foreign : otherwise);
        }
        catch (Exception failure) when (failure is InvalidCastException or FormatException or OverflowException or DataException)
        {
            throw new CoordinationException(CoordinationFailure.Foreign, $"{Place} has rows that Trapline does not write: {failure.GetBaseException().Message.TrimEnd('.')}; it was altered: use another database", failure);
        }
        catch (Exception failure) when (failure is IOException or SocketException or TimeoutException or UnauthorizedAccessException or InvalidOperationException)
        {
            // The driver says InvalidOperation of a connection that broke between two statements; so does a row that is missing, which is of no use either.
            throw new CoordinationException(CoordinationFailure.Unavailable, $"{Place} cannot be used: {failure.Message.ReplaceLineEndings(" ").TrimEnd('.')}", failure);
        }
    }
}
