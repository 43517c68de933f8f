using System.Data.Common;
using Dapper;
using Trapline.Machines.Text;
using Trapline.Persistence.Format;
using Trapline.Persistence.Identity;

namespace Trapline.Persistence.Sql;

/// <summary>
/// Checkpoints that several processes write together. What takes long (compressing, reading back) is done while no lock is held: others who
/// use the database have leases to renew.
/// </summary>
internal abstract partial class SqlCheckpointStore
{
    public void Stage(string stage, IReadOnlyList<CheckpointPart> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var described = parts.Select(part => (Part: part, Stored: CheckpointManifest.Describe(part))).ToList();
        if ((StageProblem(stage) ?? CheckpointRules.Problem([.. described.Select(part => part.Stored)])) is { } problem)
        {
            throw new CheckpointException(CheckpointFailure.Input, $"this cannot be staged: {problem}");
        }

        var hashes = described.Select(part => part.Stored.Sha256).Distinct().ToList();
        Guarded(() =>
        {
            using var connection = Connect();
            var compressed = Missing(connection, hashes, described);
            using var change = new SqlChange(connection, BeginWrite(connection));
            var blobs = FindBlobs(change, hashes);
            // What was there a moment ago may be gone.
            var absent = described.Where(part => !blobs.ContainsKey(part.Stored.Sha256)).DistinctBy(part => part.Stored.Sha256);
            InsertBlobs(change, [.. absent.Select(part => (part.Stored, compressed.TryGetValue(part.Stored.Sha256, out var chunks) ? chunks : Compress(part.Part)))], blobs);
            StageParts(change, stage, [.. described.Select(part => (part.Stored, blobs[part.Stored.Sha256]))]);
            change.Commit();
            return true;
        });
    }

    public IReadOnlyList<StoredPart> Staged(string stage) => Guarded<IReadOnlyList<StoredPart>>(() =>
    {
        using var connection = Connect();
        var rows = StagedRows(connection, stage);
        VerifyStage(connection, stage, rows.Values);
        return [.. rows.Values.Select(row => row.Part()).OrderBy(part => part.Name, StringComparer.Ordinal)];
    });

    public string Commit(string stage, CheckpointHeader header, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return Guarded(() =>
        {
            using var connection = Connect();
            var verified = Named(StagedRows(connection, stage), stage, names);
            var manifest = CheckpointManifest.Of(header, [.. verified.Select(row => row.Part())]);
            VerifyStage(connection, stage, verified);
            using var change = new SqlChange(connection, BeginWrite(connection));
            // Again, now that nobody else can change it.
            var rows = Named(StagedRows(connection, stage, change), stage, names);
            if (!rows.Select(row => (row.Blob, row.Part())).SequenceEqual(verified.Select(row => (row.Blob, row.Part()))))
            {
                throw new CheckpointException(CheckpointFailure.Input, $"parts staged as {Quoted.Show(stage)} in {Place} were replaced while they were committed; commit again when all have staged");
            }

            if (!IsThere(change, manifest.Id))
            {
                Insert(change, manifest, rows.DistinctBy(row => row.Blob).ToDictionary(row => row.Part().Sha256, row => row.Blob, StringComparer.Ordinal));
            }

            connection.Execute("DELETE FROM staged_part WHERE stage = @stage", new { stage }, change.Transaction);
            RemoveUnused(change);
            change.Commit();
            return manifest.Id;
        });
    }

    public void Discard(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        Guarded(() =>
        {
            using var connection = Connect();
            using var change = new SqlChange(connection, BeginWrite(connection));
            // Not LIKE, which has characters of its own.
            connection.Execute("DELETE FROM staged_part WHERE substr(stage, 1, length(@prefix)) = @prefix", new { prefix }, change.Transaction);
            RemoveUnused(change);
            change.Commit();
            return true;
        });
    }

    /// <summary>Writes rows of <c>staged_part</c>; those of the same name take the place of older ones.</summary>
    protected virtual void StageParts(SqlChange change, string stage, IReadOnlyList<(StoredPart Part, long Blob)> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        foreach (var (part, blob) in parts)
        {
            change.Connection.Execute(
                "INSERT INTO staged_part (stage, name, schema_version, blob) VALUES (@stage, @Name, @SchemaVersion, @blob) "
                + "ON CONFLICT (stage, name) DO UPDATE SET schema_version = excluded.schema_version, blob = excluded.blob",
                new { stage, part.Name, part.SchemaVersion, blob }, change.Transaction);
        }
    }

    private static string? StageProblem(string stage)
        => string.IsNullOrEmpty(stage) ? "the stage has no name" : CheckpointRules.Problem("name of the stage", stage, CheckpointLimits.NameLength);

    /// <summary>Compressed, those that are not there yet.</summary>
    private Dictionary<string, List<byte[]>> Missing(DbConnection connection, List<string> hashes, List<(CheckpointPart Part, StoredPart Stored)> parts)
    {
        using var transaction = BeginRead(connection);
        var there = FindBlobs(new(connection, transaction), hashes);
        transaction.Rollback();
        return parts.Where(part => !there.ContainsKey(part.Stored.Sha256)).DistinctBy(part => part.Stored.Sha256).ToDictionary(part => part.Stored.Sha256, part => Compress(part.Part), StringComparer.Ordinal);
    }

    private static Dictionary<string, PartRow> StagedRows(DbConnection connection, string stage, SqlChange? change = null) => connection.Query<PartRow>(
        "SELECT staged_part.name, staged_part.schema_version AS schemaversion, staged_part.blob, blob.sha256, blob.bytes, blob.stored_bytes AS storedbytes "
        + "FROM staged_part JOIN blob ON blob.number = staged_part.blob WHERE stage = @stage",
        new { stage }, change?.Transaction).ToDictionary(row => row.Name, StringComparer.Ordinal);

    private List<PartRow> Named(Dictionary<string, PartRow> rows, string stage, IReadOnlyList<string> names)
        => [.. names.Select(name => rows.TryGetValue(name, out var row)
            ? row
            : throw new CheckpointException(CheckpointFailure.Input, $"part {Quoted.Show(name)} is not staged as {Quoted.Show(stage)} in {Place}: a checkpoint is committed when all its parts are there"))];

    private void VerifyStage(DbConnection connection, string stage, IEnumerable<PartRow> rows)
    {
        var what = $"what is staged as {Quoted.Show(stage)}";
        var blobs = rows.DistinctBy(row => row.Blob).ToList();
        if (blobs.FirstOrDefault(row => !PartCodec.IsPossible(row.Bytes, row.StoredBytes)) is { } impossible)
        {
            throw Altered(what, $"part {Quoted.Show(impossible.Name)}: {impossible.Bytes} bytes are declared to be compressed into {impossible.StoredBytes}, which cannot be");
        }

        Verify(connection, what, blobs);
    }

    /// <summary>Reads each blob back. Each in a transaction of its own: a long one would keep others from writing to a file.</summary>
    protected virtual void Verify(DbConnection connection, string what, IReadOnlyList<PartRow> blobs)
    {
        ArgumentNullException.ThrowIfNull(blobs);
        foreach (var row in blobs)
        {
            using var transaction = BeginRead(connection);
            Content(new(connection, transaction), what, row);
        }
    }
}
