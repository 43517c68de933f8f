using Microsoft.Data.Sqlite;

namespace Trapline.Cluster.Coordination.Sqlite;

/// <summary>
/// The clock that leases in a file are held against. All who share the file are processes of one machine, and its time since the start is
/// the same in all of them and nobody sets it. What was written before the last start is of another clock: a lease has the start with it.
/// </summary>
internal static class SqliteClock
{
    /// <summary>Names in SQL; functions, so that a statement that waited for the lock does not come with an old time.</summary>
    public const string Now = "trapline_milliseconds";
    public const string Boot = "trapline_boot";

    private const string BootFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>Linux alone says which start of the machine this is (random(4)).</summary>
    private static readonly string BootId = File.Exists(BootFile) ? File.ReadAllText(BootFile).Trim() : "";

    public static void Register(SqliteConnection connection)
    {
        connection.CreateFunction(Now, static () => Environment.TickCount64);
        connection.CreateFunction(Boot, static () => BootId);
    }
}
