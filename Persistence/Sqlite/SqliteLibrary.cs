using Microsoft.Data.Sqlite;

namespace Trapline.Persistence.Sqlite;

/// <summary>SQLite itself, a native library beside the program.</summary>
public static class SqliteLibrary
{
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

    internal static void Load()
    {
        try
        {
            SQLitePCL.Batteries_V2.Init();
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException or TypeInitializationException)
        {
            throw new CheckpointException(CheckpointFailure.Environment, "the native library e_sqlite3 cannot be loaded: build for this machine again, or use a PostgreSQL store", failure);
        }
    }
}
