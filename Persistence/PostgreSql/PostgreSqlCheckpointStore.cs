using System.Data.Common;
using Npgsql;
using Trapline.Persistence.Sql;

namespace Trapline.Persistence.PostgreSql;

/// <summary>Checkpoints in the schema <c>trapline</c> of a PostgreSQL database.</summary>
internal sealed class PostgreSqlCheckpointStore : SqlCheckpointStore
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Read back in one query.</summary>
    private const int BlobsAtOnce = 64;

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
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        ReadNumbers(select, found);
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
        ExecuteOnParts(insert, parts);
    }

    /// <summary>Two statements for all of them, one for their chunks.</summary>
    protected override void InsertBlobs(SqlChange change, IReadOnlyList<(StoredPart Part, List<byte[]> Chunks)> parts, Dictionary<string, long> numbers)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0)
        {
            return;
        }

        using (var insert = Command(
            change,
            "INSERT INTO blob (sha256, bytes, stored_bytes) SELECT row.hash, row.bytes, row.stored FROM unnest(@hashes, @bytes, @stored) AS row (hash, bytes, stored) "
            + "RETURNING encode(sha256, 'hex'), number"))
        {
            insert.Parameters.AddWithValue("hashes", parts.Select(part => Convert.FromHexString(part.Part.Sha256)).ToArray());
            insert.Parameters.AddWithValue("bytes", parts.Select(part => part.Part.Bytes).ToArray());
            insert.Parameters.AddWithValue("stored", parts.Select(part => part.Chunks.Sum(chunk => (long)chunk.Length)).ToArray());
            ReadNumbers(insert, numbers);
        }

        var chunks = parts.SelectMany(part => part.Chunks.Index(), (part, chunk) => (Blob: numbers[part.Part.Sha256], Ordinal: chunk.Index, Content: chunk.Item)).ToList();
        using var chunk = Command(
            change,
            "INSERT INTO chunk (blob, ordinal, content) SELECT row.blob, row.ordinal, row.content FROM unnest(@blobs, @ordinals, @contents) AS row (blob, ordinal, content)");
        chunk.Parameters.AddWithValue("blobs", chunks.Select(each => each.Blob).ToArray());
        chunk.Parameters.AddWithValue("ordinals", chunks.Select(each => each.Ordinal).ToArray());
        chunk.Parameters.AddWithValue("contents", chunks.Select(each => each.Content).ToArray());
        chunk.ExecuteNonQuery();
    }

    protected override void StageParts(SqlChange change, string stage, IReadOnlyList<(StoredPart Part, long Blob)> parts)
    {
        using var insert = Command(
            change,
            "INSERT INTO staged_part (stage, name, schema_version, blob) SELECT @stage, row.name, row.version, row.blob FROM unnest(@names, @versions, @blobs) AS row (name, version, blob) "
            + "ON CONFLICT (stage, name) DO UPDATE SET schema_version = excluded.schema_version, blob = excluded.blob");
        insert.Parameters.AddWithValue("stage", stage);
        ExecuteOnParts(insert, parts);
    }

    /// <summary>Some at a time: each query goes to the server and back, and hundreds of them take longer than a lease where the machine is busy.</summary>
    protected override void Verify(DbConnection connection, string what, IReadOnlyList<PartRow> blobs)
    {
        foreach (var some in blobs.Chunk(BlobsAtOnce))
        {
            using var transaction = BeginRead(connection);
            using var select = Command(new(connection, transaction), "SELECT blob, content FROM chunk WHERE blob = ANY (@blobs) ORDER BY blob, ordinal");
            select.Parameters.AddWithValue("blobs", some.Select(row => row.Blob).ToArray());
            var contents = new List<(long Blob, byte[] Content)>();
            using (var rows = select.ExecuteReader())
            {
                while (rows.Read())
                {
                    contents.Add((rows.GetInt64(0), rows.GetFieldValue<byte[]>(1)));
                }
            }

            var ofBlob = contents.ToLookup(chunk => chunk.Blob, chunk => chunk.Content);
            foreach (var row in some)
            {
                Content(what, row, ofBlob[row.Blob]);
            }
        }
    }

    /// <summary>As arrays <c>names</c>, <c>versions</c> and <c>blobs</c>, one element for each part.</summary>
    private static void ExecuteOnParts(NpgsqlCommand command, IReadOnlyList<(StoredPart Part, long Blob)> parts)
    {
        command.Parameters.AddWithValue("names", parts.Select(part => part.Part.Name).ToArray());
        command.Parameters.AddWithValue("versions", parts.Select(part => part.Part.SchemaVersion).ToArray());
        command.Parameters.AddWithValue("blobs", parts.Select(part => part.Blob).ToArray());
        command.ExecuteNonQuery();
    }

    /// <summary>Adds the rows of a command that returns the SHA-256 and number of blobs.</summary>
    private static void ReadNumbers(NpgsqlCommand command, Dictionary<string, long> numbers)
    {
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            numbers.Add(rows.GetString(0), rows.GetInt64(1));
        }
    }

    private static NpgsqlCommand Command(SqlChange change, string sql) => new(sql, (NpgsqlConnection)change.Connection, (NpgsqlTransaction)change.Transaction);
}
