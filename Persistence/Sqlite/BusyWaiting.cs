using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Trapline.Persistence.Sqlite;

/// <summary>
/// How a connection waits for a file that another has locked: it looks again after a millisecond, then less often. SQLite has a way of its
/// own, but the library that is delivered with the driver was built without usleep, and then sleeps whole seconds where it means
/// milliseconds (sqliteDefaultBusyCallback in https://github.com/sqlite/sqlite/blob/master/src/main.c); the driver alone looks every 150 ms.
/// Nobody stands in a queue for the lock, so who looks seldom never gets it from those who look often.
/// </summary>
internal static class BusyWaiting
{
    /// <summary>Milliseconds before each look; those after the last are like it.</summary>
    private static readonly int[] Pauses = [1, 2, 5, 10, 15, 20];

    /// <summary>Kept here for as long as SQLite may call it.</summary>
    private static readonly BusyHandler Handler = Wait;

    /// <param name="milliseconds">What was given to <c>sqlite3_busy_handler</c>: how long to wait altogether.</param>
    /// <param name="looks">How many times it was called for this lock.</param>
    /// <returns>0 to give up.</returns>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int BusyHandler(nint milliseconds, int looks);

    /// <summary>Of an open connection.</summary>
    public static void Begin(SqliteConnection connection, TimeSpan patience)
    {
        var result = SetBusyHandler(connection.Handle!, Handler, (nint)patience.TotalMilliseconds);
        if (result != raw.SQLITE_OK)
        {
            throw new SqliteException("the handler of locks was not accepted", result);
        }
    }

    private static int Wait(nint milliseconds, int looks)
    {
        if (Waited(looks) >= milliseconds)
        {
            return 0;
        }

        Thread.Sleep(Pauses[Math.Min(looks, Pauses.Length - 1)]);
        return 1;
    }

    /// <summary>Milliseconds of the pauses before a look.</summary>
    private static long Waited(int looks) => Pauses.Take(looks).Sum() + (Math.Max(0, looks - Pauses.Length) * (long)Pauses[^1]);

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_busy_handler", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int SetBusyHandler(sqlite3 connection, BusyHandler handler, nint milliseconds);
}
