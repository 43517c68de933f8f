using Trapline.Persistence.Sqlite;

namespace Trapline.Persistence;

/// <summary>Stores by their URL: <c>sqlite:PATH</c>, a plain path, or <c>postgresql://user:password@host:port/database</c>.</summary>
public static class CheckpointStores
{
    /// <summary>The store of those who name none: a file in the current folder.</summary>
    public const string Default = "trapline-snapshots.db";

    /// <summary>Opens a store to read and write; makes it where there is none, and brings an older one to this version's schema.</summary>
    /// <exception cref="CheckpointException">The URL is none, or the store cannot be used.</exception>
    public static ICheckpointStore Open(string url) => Open(StoreUrl.Parse(url));

    /// <summary>As <see cref="Open(string)"/>, but makes nothing.</summary>
    /// <returns>Null where there is no store yet.</returns>
    /// <exception cref="CheckpointException">The URL is none, or the store cannot be used.</exception>
    public static ICheckpointStore? OpenExisting(string url)
    {
        var parsed = StoreUrl.Parse(url);
        return parsed.Path is { } path && !Path.Exists(path) ? null : Open(parsed);
    }

    /// <summary>What messages call a store that need not exist; without its password.</summary>
    /// <exception cref="CheckpointException">The URL is none.</exception>
    public static string Place(string url) => StoreUrl.Parse(url).Place;

    private static SqliteCheckpointStore Open(StoreUrl url) => new(url.Path!, SqliteCheckpointStore.Patience);
}
