using Dapper;
using Trapline.Persistence.Sql;

namespace Trapline.Cluster.Coordination.Sql;

/// <summary>Content of any length, in rows that both databases take without effort.</summary>
internal static class ContentChunks
{
    /// <param name="change">In which it is written.</param>
    /// <param name="insert">A statement with the parameters <c>owner</c>, <c>ordinal</c> and <c>bytes</c>.</param>
    /// <param name="owner">Number of the row that it belongs to.</param>
    /// <param name="content">All of it.</param>
    public static void Write(SqlChange change, string insert, long owner, byte[] content)
    {
        using var chunks = new ChunkWriter(SqlCheckpointStore.ChunkBytes, (ordinal, bytes) => change.Connection.Execute(insert, new { owner, ordinal, bytes }, change.Transaction));
        chunks.Write(content);
        chunks.Finish();
    }

    /// <param name="chunks">In their order; null stands for the one that what is empty does not have.</param>
    public static byte[] Join(IEnumerable<byte[]?> chunks)
    {
        using var content = new MemoryStream();
        foreach (var chunk in chunks)
        {
            content.Write(chunk);
        }

        return content.ToArray();
    }
}
