using Microsoft.Data.Sqlite;

namespace Trapline.Persistence.Sqlite;

/// <summary>SQLite itself, a native library beside the program.</summary>
public static class SqliteLibrary
{
    private static readonly Lazy<bool> Loaded = new(LoadOnce);

    /// <summary>Its version, such as 3.35.5.</summary>
    /// <exception cref="CheckpointException">It is not there, or not for this machine.</exception>
    public static string Version
    {
        get
        {
            Load();
            using var connection = new SqliteConnection();
            return connection.ServerVersion;
        }
    }

    /// <summary>
    /// Once in a process: each time makes a new provider in the place of the last (SQLitePCLRaw 2.0.6), and what SQLite was given to call by that one
    /// is left to the garbage collector while connections still have it. A statement that calls it then ends the process.
    /// </summary>
    internal static void Load() => _ = Loaded.Value;

    private static bool LoadOnce()
    {
        try
        {
            SQLitePCL.Batteries_V2.Init();
            // The driver does the same at its first connection.
            SQLitePCL.raw.FreezeProvider();
            return true;
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException or TypeInitializationException)
        {
            throw new CheckpointException(CheckpointFailure.Environment, "the native library e_sqlite3 cannot be loaded: build for this machine again, or use a PostgreSQL store", failure);
        }
    }
}
