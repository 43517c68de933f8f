using System.Buffers.Binary;
using Trapline.Cluster.Runs;
using Trapline.Messages.State;
using Trapline.Persistence.Format;

namespace Trapline.Cluster.Nodes;

/// <summary>
/// How an outcome lies in the database: the length of its rows, 8 bytes, least significant first, then the rows, compressed. They are mostly
/// counters of which few are not zero, and many short variants write nothing else.
/// </summary>
internal static class ResultContent
{
    /// <summary>Of the rows: more is no result, whatever the first bytes say.</summary>
    public const long MostBytes = 1L << 30;

    private const int Header = sizeof(long);

    public static byte[] Pack(VariantOutcome outcome)
    {
        var rows = new StateWriter();
        outcome.SyncState(rows);
        using var packed = new MemoryStream();
        Span<byte> length = stackalloc byte[Header];
        BinaryPrimitives.WriteInt64LittleEndian(length, rows.Written.Length);
        packed.Write(length);
        PartCodec.Compress(rows.Written.Span, packed);
        return packed.ToArray();
    }

    /// <param name="content">As packed.</param>
    /// <param name="outcome">Empty, of the same variant.</param>
    /// <exception cref="StateFormatException">It is no outcome of this version.</exception>
    public static void Unpack(byte[] content, VariantOutcome outcome)
    {
        var length = content.Length < Header ? -1 : BinaryPrimitives.ReadInt64LittleEndian(content);
        if (length is < 0 or > MostBytes || !PartCodec.IsPossible(length, content.Length - Header))
        {
            throw new StateFormatException($"{content.Length} bytes that are said to be {length}");
        }

        try
        {
            var reader = new StateReader(PartCodec.Decompress(new MemoryStream(content, Header, content.Length - Header), length));
            outcome.SyncState(reader);
            reader.Finish();
        }
        catch (InvalidDataException failure)
        {
            throw new StateFormatException(failure.Message, failure);
        }
    }
}
