using Microsoft.Data.Sqlite;

namespace Trapline.Persistence.Sqlite;

/// <summary>What SQLite's result codes (https://www.sqlite.org/rescode.html) mean for who uses a store.</summary>
internal static class SqliteFailures
{
    public const int NotADatabase = 26;

    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int ReadOnlyMoved = 1032;

    public static CheckpointException Explain(SqliteException failure, string place, string path, TimeSpan patience)
    {
        var (cause, problem) = (failure.SqliteErrorCode, failure.SqliteExtendedErrorCode) switch
        {
            (Busy or Locked, _) => (CheckpointFailure.Environment, $"is locked by another process, for {patience.TotalSeconds:0.#} s now: end it, or name another file with --store"),
            (_, ReadOnlyMoved) => (CheckpointFailure.Environment, "was removed or renamed while it was in use"),
            (ReadOnly, _) => (CheckpointFailure.Environment, "is read-only: permit writing to the file and its folder, or name another file with --store"),
            (Full, _) => (CheckpointFailure.Environment, "cannot grow: the disk is full; make room ('trapline snapshot prune'), or name a file on another disk with --store"),
            (CannotOpen, _) when File.Exists(path) => (CheckpointFailure.Environment, "cannot be opened: permit reading and writing it and its folder"),
            (CannotOpen, _) => (CheckpointFailure.Environment, "is not there and cannot be made: its folder must exist and be writable"),
            (InputOutput, var code) => (CheckpointFailure.Environment, $"cannot be read or written: the disk failed (SQLite's result code {code})"),
            (Corrupt, _) => (CheckpointFailure.Input, "is damaged: use a copy of it, or another store and what was exported"),
            (NotADatabase, _) => (CheckpointFailure.Input, "is no SQLite database; name another file with --store"),
            (var code, _) => (CheckpointFailure.Environment, $"failed with SQLite's result code {code}: {failure.Message}"),
        };
        return new(cause, $"the store {place} {problem}", failure);
    }
}
