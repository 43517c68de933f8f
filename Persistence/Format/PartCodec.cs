using System.IO.Compression;

namespace Trapline.Persistence.Format;

/// <summary>How the content of a part is compressed, in files and in stores: raw DEFLATE. It is the cheapest to begin, and most parts are small.</summary>
internal static class PartCodec
{
    /// <summary>DEFLATE cannot do better: 258 bytes for 2 bits. A size that was declared beyond it is a lie.</summary>
    private const long BestRatio = 1_032;

    /// <summary>What is added to data that cannot be compressed: a header for each block, and no block that is not the last is smaller than this.</summary>
    private const int BlockHeader = 8;
    private const int LeastBlock = 4_096;

    /// <summary>Whether content of a length can come out of that many bytes.</summary>
    public static bool IsPossible(long length, long storedLength)
        => length == 0 ? storedLength == 0 : length / BestRatio < storedLength && storedLength <= length + (length / LeastBlock * BlockHeader) + LeastBlock;

    /// <summary>Compresses into a stream, which stays open. Nothing becomes nothing.</summary>
    public static void Compress(ReadOnlySpan<byte> content, Stream target)
    {
        if (!content.IsEmpty)
        {
            using var deflate = new DeflateStream(target, CompressionLevel.Fastest, leaveOpen: true);
            deflate.Write(content);
        }
    }

    /// <param name="source">Nothing but the compressed content.</param>
    /// <param name="length">Of the content. No more is allocated, however much comes out.</param>
    /// <exception cref="InvalidDataException">It is another length, or no DEFLATE data.</exception>
    public static byte[] Decompress(Stream source, long length)
    {
        if (length == 0)
        {
            return source.ReadByte() < 0 ? [] : throw new InvalidDataException("it has bytes, but none are declared");
        }

        var content = new byte[length];
        using var deflate = new DeflateStream(source, CompressionMode.Decompress, leaveOpen: true);
        var read = deflate.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        if (read < content.Length)
        {
            throw new InvalidDataException($"it ends after {read} of {length} bytes");
        }

        Span<byte> more = stackalloc byte[1];
        return deflate.Read(more) == 0 ? content : throw new InvalidDataException($"it has more than the {length} bytes that are declared");
    }
}
