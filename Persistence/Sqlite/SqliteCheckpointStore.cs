using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Trapline.Persistence.Sql;

namespace Trapline.Persistence.Sqlite;

/// <summary>Checkpoints in one file.</summary>
internal sealed class SqliteCheckpointStore : SqlCheckpointStore
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SqliteDatabase _database;
    private readonly string _path;
    private readonly TimeSpan _patience;

    /// <param name="path">Of the file.</param>
    /// <param name="patience">How long a locked database is waited for.</param>
    /// <param name="mostPages">Pages that it may have: a disk that is full sooner.</param>
    /// <exception cref="CheckpointException">It is something else, newer, or cannot be made.</exception>
    public SqliteCheckpointStore(string path, TimeSpan patience, uint mostPages = SqliteDatabase.MostPages)
    {
        // Later calls mean the same file wherever the process has gone.
        _path = Path.GetFullPath(path);
        _patience = patience;
        _database = new(_path, patience, mostPages);
        Place = StoreUrl.Shown(path);
        Guarded(() =>
        {
            _database.Prepare();
            return true;
        });
    }

    public override string Place { get; }

    protected override string NowSql => "CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)";

    protected override DbConnection Connect() => _database.Connect();

    protected override DbTransaction BeginWrite(DbConnection connection) => SqliteDatabase.BeginWrite(connection);

    protected override DbTransaction BeginRead(DbConnection connection) => SqliteDatabase.BeginRead(connection);

    protected override CheckpointException Explain(DbException failure) => SqliteFailures.Explain((SqliteException)failure, Place, _path, _patience);

    /// <summary>One statement for each: there is no server to go to and back.</summary>
    protected override Dictionary<string, long> FindBlobs(SqlChange change, IReadOnlyCollection<string> hashes)
    {
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var hash in hashes)
        {
            if (change.Connection.ExecuteScalar<long?>("SELECT number FROM blob WHERE sha256 = @Hash", new { Hash = Convert.FromHexString(hash) }, change.Transaction) is { } number)
            {
                found.Add(hash, number);
            }
        }

        return found;
    }

    protected override void InsertParts(SqlChange change, long checkpoint, IReadOnlyList<(StoredPart Part, long Blob)> parts)
    {
        using var insert = (SqliteCommand)change.Connection.CreateCommand();
        insert.Transaction = (SqliteTransaction)change.Transaction;
        insert.CommandText = "INSERT INTO part (checkpoint, ordinal, name, schema_version, blob) VALUES (@checkpoint, @ordinal, @name, @version, @blob)";
        insert.Parameters.AddWithValue("@checkpoint", checkpoint);
        var ordinal = insert.Parameters.Add("@ordinal", SqliteType.Integer);
        var name = insert.Parameters.Add("@name", SqliteType.Text);
        var version = insert.Parameters.Add("@version", SqliteType.Integer);
        var blob = insert.Parameters.Add("@blob", SqliteType.Integer);
        foreach (var (part, number) in parts)
        {
            ordinal.Value = ordinal.Value is int last ? last + 1 : 0;
            (name.Value, version.Value, blob.Value) = (part.Name, part.SchemaVersion, number);
            insert.ExecuteNonQuery();
        }
    }
}
