using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Trapline.Persistence.Identity;

/// <summary>What a checkpoint is, without its content; from it comes its id, which is the same in every store and file.</summary>
/// <param name="Id">16 hexadecimal digits.</param>
/// <param name="Header">Of the checkpoint.</param>
/// <param name="Parts">In their order.</param>
internal sealed record CheckpointManifest(string Id, CheckpointHeader Header, IReadOnlyList<StoredPart> Parts)
{
    /// <exception cref="CheckpointException">It is none that can be stored.</exception>
    public static CheckpointManifest Of(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return Of(checkpoint.Header, [.. checkpoint.Parts.Select(Describe)]);
    }

    /// <exception cref="CheckpointException">It is none that can be stored.</exception>
    public static CheckpointManifest Of(CheckpointHeader header, IReadOnlyList<StoredPart> parts)
        => CheckpointRules.Problem(header, parts) is { } problem
            ? throw new CheckpointException(CheckpointFailure.Input, $"this is no checkpoint: {problem}")
            : new(IdOf(header, parts), header, parts);

    public static StoredPart Describe(CheckpointPart part) => new(part.Name, part.SchemaVersion, part.Content.Length, Hash(part.Content.Span));

    public static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Written out here, not left to a library: an id must be the same for ever.</summary>
    private static string IdOf(CheckpointHeader header, IReadOnlyList<StoredPart> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, "trapline checkpoint 1");
        Append(hash, header.Scenario);
        Append(hash, header.Variant);
        Append(hash, unchecked((long)header.Seed));
        Append(hash, header.At.Picoseconds);
        Append(hash, header.Fingerprint);
        Append(hash, header.Digest);
        Append(hash, header.Program);
        Append(hash, parts.Count);
        foreach (var part in parts)
        {
            Append(hash, part.Name);
            Append(hash, part.SchemaVersion);
            Append(hash, part.Bytes);
            hash.AppendData(Convert.FromHexString(part.Sha256));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..CheckpointIds.Length];
    }

    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Append(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Append(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
