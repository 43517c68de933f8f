using Trapline.Cluster.Coordination.PostgreSql;
using Trapline.Cluster.Coordination.Sql;
using Trapline.Cluster.Coordination.Sqlite;
using Trapline.Persistence;

namespace Trapline.Cluster.Coordination;

/// <summary>
/// Coordinations by their URL, as <see cref="CheckpointStores"/> has them: <c>sqlite:PATH</c>, a plain path, or
/// <c>postgresql://user:password@host:port/database</c>. The same URL is a store of checkpoints, in the same file or schema.
/// </summary>
public static class Coordinations
{
    /// <summary>Opens it; makes it where there is none, and brings an older database to this version's schema.</summary>
    /// <exception cref="CoordinationException">The URL is none, or the database cannot be used.</exception>
    public static ICoordination Open(string url) => Open(Parse(url), create: true)!;

    /// <summary>As <see cref="Open(string)"/>, but makes nothing.</summary>
    /// <returns>Null where there is no database yet.</returns>
    /// <exception cref="CoordinationException">The URL is none, or the database cannot be used.</exception>
    public static ICoordination? OpenExisting(string url) => Open(Parse(url), create: false);

    /// <summary>What messages call a database that need not exist; without its password.</summary>
    /// <exception cref="CoordinationException">The URL is none.</exception>
    public static string Place(string url) => Parse(url).Place;

    private static ICoordination? Open(StoreUrl url, bool create)
    {
        if (url.PostgreSql is { } database)
        {
            return PostgreSqlCoordination.Open(database, create);
        }

        return create || Path.Exists(url.Path) ? new SqliteCoordination(url.Path!, SqliteCoordination.Patience) : null;
    }

    private static StoreUrl Parse(string url)
    {
        try
        {
            return StoreUrl.Parse(url);
        }
        catch (CheckpointException failure)
        {
            throw CoordinationErrors.Translate(failure, CoordinationFailure.Usage);
        }
    }
}
