using System.Data;
using System.Data.Common;
using Dapper;
using Trapline.Machines.Text;
using Trapline.Persistence.Format;
using Trapline.Persistence.Identity;

namespace Trapline.Persistence.Sql;

/// <summary>
/// What both databases do alike. Every call has a connection of its own: a run lasts for hours, and what became of the database meanwhile is
/// then found out by the call that needs it, and is over with the next. Every change is one transaction.
/// </summary>
internal abstract partial class SqlCheckpointStore : ICheckpointStore, IStagedCheckpoints
{
    /// <summary>Of compressed content, in one row.</summary>
    internal const int ChunkBytes = 4 << 20;

    private const string PartColumns = "part.checkpoint, part.name, part.schema_version AS schemaversion, part.blob, blob.sha256, blob.bytes, blob.stored_bytes AS storedbytes";

    public abstract string Place { get; }

    /// <summary>Milliseconds since 1970 by the clock of the database.</summary>
    protected abstract string NowSql { get; }

    public string Save(Checkpoint checkpoint)
    {
        var manifest = CheckpointManifest.Of(checkpoint);
        return Guarded(() =>
        {
            using var connection = Connect();
            using var change = new SqlChange(connection, BeginWrite(connection));
            if (!IsThere(change, manifest.Id))
            {
                Insert(change, checkpoint, manifest);
                change.Commit();
            }

            return manifest.Id;
        });
    }

    public IReadOnlyList<StoredCheckpoint> List() => Guarded(() =>
    {
        using var connection = Connect();
        using var transaction = BeginRead(connection);
        var parts = connection.Query<PartRow>($"SELECT {PartColumns} FROM part JOIN blob ON blob.number = part.blob ORDER BY part.checkpoint, part.ordinal", transaction: transaction)
            .ToLookup(part => part.Checkpoint);
        return (IReadOnlyList<StoredCheckpoint>)[.. connection.Query<CheckpointRow>($"SELECT {CheckpointRow.Columns} FROM checkpoint ORDER BY number", transaction: transaction)
            .Select(row => new StoredCheckpoint(row.Id, row.Header(), [.. parts[row.Number].Select(part => part.Part())], DateTimeOffset.FromUnixTimeMilliseconds(row.SavedAtMs), StoredBytes(parts[row.Number])))];
    });

    public Checkpoint Load(string id)
    {
        var prefix = CheckpointIds.Normalize(id);
        return Guarded(() =>
        {
            using var connection = Connect();
            using var transaction = BeginRead(connection);
            var matches = connection.Query<string>("SELECT id FROM checkpoint WHERE id LIKE @prefix ORDER BY number", new { prefix = prefix + "%" }, transaction).ToList();
            var found = CheckpointIds.Single(prefix, matches, Place);
            return Load(new(connection, transaction), found);
        });
    }

    public int Delete(IReadOnlyCollection<string> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return Guarded(() =>
        {
            using var connection = Connect();
            using var change = new SqlChange(connection, BeginWrite(connection));
            var deleted = ids.Sum(id => connection.Execute("DELETE FROM checkpoint WHERE id = @id", new { id }, change.Transaction));
            RemoveUnused(change);
            change.Commit();
            return deleted;
        });
    }

    /// <summary>Every call has its own connection and closes it: there is nothing to let go of.</summary>
    public void Dispose()
    {
    }

    /// <summary>Opens the database, of which it is known that it has this version's schema.</summary>
    protected abstract DbConnection Connect();

    /// <summary>Begins a change, alone: who else wants to make one waits.</summary>
    protected abstract DbTransaction BeginWrite(DbConnection connection);

    /// <summary>Begins to read one state, whatever others change.</summary>
    protected abstract DbTransaction BeginRead(DbConnection connection);

    /// <summary>What a failure of the database means for who uses it.</summary>
    protected abstract CheckpointException Explain(DbException failure);

    /// <summary>Numbers of those blobs that are there, by their SHA-256 in hexadecimal digits.</summary>
    protected abstract Dictionary<string, long> FindBlobs(SqlChange change, IReadOnlyCollection<string> hashes);

    /// <summary>Writes all rows of <c>part</c> of a checkpoint.</summary>
    protected abstract void InsertParts(SqlChange change, long checkpoint, IReadOnlyList<(StoredPart Part, long Blob)> parts);

    /// <summary>Does something with the database; whatever fails in it becomes a <see cref="CheckpointException"/>.</summary>
    protected T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (DbException failure)
        {
            throw Explain(failure);
        }
        catch (Exception failure) when (failure is InvalidCastException or FormatException or OverflowException or DataException or ArgumentException)
        {
            throw new CheckpointException(CheckpointFailure.Input, $"{Place} has rows that Trapline does not write: {failure.GetBaseException().Message.TrimEnd('.')}; it was altered: use another store", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or TimeoutException)
        {
            throw new CheckpointException(CheckpointFailure.Environment, $"{Place} cannot be used: {failure.Message.TrimEnd('.')}", failure);
        }
    }

    /// <summary>Compressed parts; one that parts share counts once.</summary>
    private static long StoredBytes(IEnumerable<PartRow> parts) => parts.DistinctBy(part => part.Blob).Sum(part => part.StoredBytes);

    /// <summary>Blobs that no checkpoint needs, and none to come.</summary>
    private static void RemoveUnused(SqlChange change) => change.Connection.Execute(
        "DELETE FROM blob WHERE NOT EXISTS (SELECT 1 FROM part WHERE part.blob = blob.number) AND NOT EXISTS (SELECT 1 FROM staged_part WHERE staged_part.blob = blob.number)",
        transaction: change.Transaction);

    private static bool IsThere(SqlChange change, string id)
        => change.Connection.ExecuteScalar<long>("SELECT count(*) FROM checkpoint WHERE id = @id", new { id }, change.Transaction) != 0;

    private void Insert(SqlChange change, Checkpoint checkpoint, CheckpointManifest manifest)
    {
        var blobs = FindBlobs(change, [.. manifest.Parts.Select(part => part.Sha256).Distinct()]);
        foreach (var (part, stored) in checkpoint.Parts.Zip(manifest.Parts))
        {
            // One after the other: what is compressed of a large checkpoint need not be in memory all at once.
            if (!blobs.ContainsKey(stored.Sha256))
            {
                InsertBlobs(change, [(stored, Compress(part))], blobs);
            }
        }

        Insert(change, manifest, blobs);
    }

    /// <param name="change">In which it is made.</param>
    /// <param name="manifest">Of the checkpoint.</param>
    /// <param name="blobs">Of its parts, by their SHA-256.</param>
    private void Insert(SqlChange change, CheckpointManifest manifest, Dictionary<string, long> blobs)
    {
        var header = manifest.Header;
        var number = change.Connection.ExecuteScalar<long>(
            "INSERT INTO checkpoint (id, scenario, variant, seed, at_ps, fingerprint, digest, program, saved_at_ms) "
            + $"VALUES (@Id, @Scenario, @Variant, @Seed, @At, @Fingerprint, @Digest, @Program, {NowSql}) RETURNING number",
            new { manifest.Id, header.Scenario, header.Variant, Seed = $"{header.Seed}", At = header.At.Picoseconds, header.Fingerprint, header.Digest, header.Program },
            change.Transaction);
        InsertParts(change, number, [.. manifest.Parts.Select(part => (part, blobs[part.Sha256]))]);
    }

    /// <summary>In chunks.</summary>
    private static List<byte[]> Compress(CheckpointPart part)
    {
        var compressed = new List<byte[]>();
        using var chunks = new ChunkWriter(ChunkBytes, (_, bytes) => compressed.Add(bytes));
        PartCodec.Compress(part.Content.Span, chunks);
        chunks.Finish();
        return compressed;
    }

    /// <summary>Adds the numbers of the new ones to those that are known.</summary>
    protected virtual void InsertBlobs(SqlChange change, IReadOnlyList<(StoredPart Part, List<byte[]> Chunks)> parts, Dictionary<string, long> numbers)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var (connection, transaction) = (change.Connection, change.Transaction);
        foreach (var (part, chunks) in parts)
        {
            var number = connection.ExecuteScalar<long>(
                "INSERT INTO blob (sha256, bytes, stored_bytes) VALUES (@Hash, @Bytes, @Stored) RETURNING number",
                new { Hash = Convert.FromHexString(part.Sha256), part.Bytes, Stored = chunks.Sum(chunk => (long)chunk.Length) }, transaction);
            foreach (var (ordinal, bytes) in chunks.Index())
            {
                connection.Execute("INSERT INTO chunk (blob, ordinal, content) VALUES (@number, @ordinal, @bytes)", new { number, ordinal, bytes }, transaction);
            }

            numbers.Add(part.Sha256, number);
        }
    }

    private Checkpoint Load(SqlChange change, string id)
    {
        var (connection, transaction) = (change.Connection, change.Transaction);
        var row = connection.QuerySingle<CheckpointRow>($"SELECT {CheckpointRow.Columns} FROM checkpoint WHERE id = @id", new { id }, transaction);
        var parts = connection.Query<PartRow>(
            $"SELECT {PartColumns} FROM part JOIN blob ON blob.number = part.blob WHERE part.checkpoint = @Number ORDER BY part.ordinal LIMIT {CheckpointLimits.Parts + 1}",
            new { row.Number }, transaction).ToList();
        var header = row.Header();
        Check(id, header, parts);
        return new(header, [.. parts.Select(part => new CheckpointPart(part.Name, part.SchemaVersion, Content(change, $"checkpoint {id}", part)))]);
    }

    /// <summary>Before anything is made that has a size of a row.</summary>
    private void Check(string id, CheckpointHeader header, List<PartRow> parts)
    {
        if (CheckpointRules.Problem(header, [.. parts.Select(part => part.Part())]) is { } problem)
        {
            throw Altered($"checkpoint {id}", problem);
        }

        if (parts.FirstOrDefault(part => !PartCodec.IsPossible(part.Bytes, part.StoredBytes)) is { } impossible)
        {
            throw Altered($"checkpoint {id}", $"part {Quoted.Show(impossible.Name)}: {impossible.Bytes} bytes are declared to be compressed into {impossible.StoredBytes}, which cannot be");
        }

        // The id is a digest over all of them.
        if (CheckpointManifest.Of(header, [.. parts.Select(part => part.Part())]).Id != id)
        {
            throw Altered($"checkpoint {id}", "its header or list of parts is not the one that was saved");
        }
    }

    private byte[] Content(SqlChange change, string what, PartRow part) => Content(what, part, change.Connection.Query<byte[]>(
        "SELECT content FROM chunk WHERE blob = @Blob ORDER BY ordinal", new { part.Blob }, change.Transaction, buffered: false));

    /// <summary>Decompressed, and compared with its SHA-256.</summary>
    protected byte[] Content(string what, PartRow part, IEnumerable<byte[]> compressed)
    {
        ArgumentNullException.ThrowIfNull(part);
        byte[] content;
        try
        {
            using var chunks = new ChunkReader(compressed);
            content = PartCodec.Decompress(chunks, part.Bytes);
        }
        catch (InvalidDataException failure)
        {
            throw Altered(what, $"part {Quoted.Show(part.Name)} cannot be decompressed: {failure.Message.TrimEnd('.')}");
        }

        return CheckpointManifest.Hash(content) == Convert.ToHexStringLower(part.Sha256)
            ? content
            : throw Altered(what, $"part {Quoted.Show(part.Name)} has not the SHA-256 that is recorded");
    }

    private CheckpointException Altered(string what, string problem)
        => new(CheckpointFailure.Input, $"{what} in {Place} was altered: {problem}; take another one, or import it again");
}
