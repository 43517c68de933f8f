using Trapline.Persistence.PostgreSql;
using Trapline.Persistence.Sqlite;

namespace Trapline.Persistence;

/// <summary>Stores by their URL: <c>sqlite:PATH</c>, a plain path, or <c>postgresql://user:password@host:port/database</c>.</summary>
public static class CheckpointStores
{
    /// <summary>The store of those who name none: a file in the current folder.</summary>
    public const string Default = "trapline-snapshots.db";

    /// <summary>Opens a store to read and write; makes it where there is none, and brings an older one to this version's schema.</summary>
    /// <exception cref="CheckpointException">The URL is none, or the store cannot be used.</exception>
    public static ICheckpointStore Open(string url) => Open(StoreUrl.Parse(url), create: true)!;

    /// <summary>As <see cref="Open(string)"/>, but makes nothing.</summary>
    /// <returns>Null where there is no store yet.</returns>
    /// <exception cref="CheckpointException">The URL is none, or the store cannot be used.</exception>
    public static ICheckpointStore? OpenExisting(string url) => Open(StoreUrl.Parse(url), create: false);

    /// <summary>What messages call a store that need not exist; without its password.</summary>
    /// <exception cref="CheckpointException">The URL is none.</exception>
    public static string Place(string url) => StoreUrl.Parse(url).Place;

    private static ICheckpointStore? Open(StoreUrl url, bool create)
    {
        if (url.PostgreSql is { } database)
        {
            return PostgreSqlCheckpointStore.Open(database, create, PostgreSqlCheckpointStore.Patience);
        }

        return create || Path.Exists(url.Path) ? new SqliteCheckpointStore(url.Path!, SqliteCheckpointStore.Patience) : null;
    }
}
