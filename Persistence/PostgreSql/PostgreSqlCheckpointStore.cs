using System.Data.Common;
using Npgsql;
using Trapline.Persistence.Sql;

namespace Trapline.Persistence.PostgreSql;

/// <summary>Checkpoints in the schema <c>trapline</c> of a PostgreSQL database.</summary>
internal sealed class PostgreSqlCheckpointStore : SqlCheckpointStore
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly PostgreSqlDatabase _database;

    private PostgreSqlCheckpointStore(PostgreSqlUrl url, TimeSpan patience) => _database = new(url, patience);

    public override string Place => StoreUrl.Shown(_database.Place);

    protected override string NowSql => "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

    /// <param name="url">Of the database.</param>
    /// <param name="create">Whether a schema is made where there is none.</param>
    /// <param name="patience">How long another's change is waited for.</param>
    /// <returns>Null where there is no schema, and none is to be made.</returns>
    /// <exception cref="CheckpointException">It cannot be reached, or is newer, or of another program.</exception>
    public static PostgreSqlCheckpointStore? Open(PostgreSqlUrl url, bool create, TimeSpan patience)
    {
        var store = new PostgreSqlCheckpointStore(url, patience);
        return store.Guarded(() =>
        {
            if (!create && !store._database.Exists())
            {
                return null;
            }

            store._database.Prepare();
            return store;
        });
    }

    protected override DbConnection Connect() => _database.Connect();

    protected override DbTransaction BeginWrite(DbConnection connection) => PostgreSqlDatabase.BeginWrite(connection);

    protected override DbTransaction BeginRead(DbConnection connection) => PostgreSqlDatabase.BeginRead(connection);

    protected override CheckpointException Explain(DbException failure) => PostgreSqlFailures.Explain(failure, Place);

    protected override Dictionary<string, long> FindBlobs(SqlChange change, IReadOnlyCollection<string> hashes)
    {
        using var select = Command(change, "SELECT encode(sha256, 'hex'), number FROM blob WHERE sha256 = ANY (@hashes)");
        select.Parameters.AddWithValue("hashes", hashes.Select(Convert.FromHexString).ToArray());
        using var rows = select.ExecuteReader();
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        while (rows.Read())
        {
            found.Add(rows.GetString(0), rows.GetInt64(1));
        }

        return found;
    }

    /// <summary>All in one statement: every other one would go to the server and back.</summary>
    protected override void InsertParts(SqlChange change, long checkpoint, IReadOnlyList<(StoredPart Part, long Blob)> parts)
    {
        using var insert = Command(
            change,
            "INSERT INTO part (checkpoint, ordinal, name, schema_version, blob) "
            + "SELECT @checkpoint, row.ordinal - 1, row.name, row.version, row.blob FROM unnest(@names, @versions, @blobs) WITH ORDINALITY AS row (name, version, blob, ordinal)");
        insert.Parameters.AddWithValue("checkpoint", checkpoint);
        insert.Parameters.AddWithValue("names", parts.Select(part => part.Part.Name).ToArray());
        insert.Parameters.AddWithValue("versions", parts.Select(part => part.Part.SchemaVersion).ToArray());
        insert.Parameters.AddWithValue("blobs", parts.Select(part => part.Blob).ToArray());
        insert.ExecuteNonQuery();
    }

    private static NpgsqlCommand Command(SqlChange change, string sql) => new(sql, (NpgsqlConnection)change.Connection, (NpgsqlTransaction)change.Transaction);
}
