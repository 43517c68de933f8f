using System.Buffers.Binary;
using System.Security.Cryptography;
using Google.Protobuf;
using Trapline.Persistence.Format.Protos;
using Trapline.Persistence.Identity;

namespace Trapline.Persistence.Format;

/// <summary>Writes a checkpoint as a file that other machines import. Its compressed parts are in memory meanwhile: the manifest, which comes first, has their sizes.</summary>
internal static class CheckpointFileWriter
{
    /// <exception cref="CheckpointException">The checkpoint breaks a limit.</exception>
    public static void Write(Checkpoint checkpoint, Stream stream)
    {
        var identity = CheckpointManifest.Of(checkpoint);
        var manifest = new Manifest { Header = HeaderOf(checkpoint.Header) };
        var stored = new List<ReadOnlyMemory<byte>>(checkpoint.Parts.Count);
        foreach (var (part, known) in checkpoint.Parts.Zip(identity.Parts))
        {
            var bytes = Compress(part.Content);
            stored.Add(bytes);
            manifest.Parts.Add(new Part
            {
                Name = part.Name,
                SchemaVersion = part.SchemaVersion,
                Length = known.Bytes,
                Sha256 = ByteString.CopyFrom(Convert.FromHexString(known.Sha256)),
                StoredLength = bytes.Length,
                StoredSha256 = ByteString.CopyFrom(SHA256.HashData(bytes.Span)),
            });
        }

        WriteManifest(manifest.ToByteArray(), stream);
        foreach (var bytes in stored)
        {
            stream.Write(bytes.Span);
        }
    }

    private static void WriteManifest(byte[] manifest, Stream stream)
    {
        if (manifest.Length > FileLayout.ManifestBytes)
        {
            throw new CheckpointException(CheckpointFailure.Input, $"the manifest has {manifest.Length} bytes; at most {FileLayout.ManifestBytes} are allowed: its parts have shorter names, or there are fewer");
        }

        Span<byte> prelude = stackalloc byte[FileLayout.HashOffset];
        FileLayout.Magic.CopyTo(prelude);
        BinaryPrimitives.WriteUInt32LittleEndian(prelude[FileLayout.VersionOffset..], FileLayout.Version);
        BinaryPrimitives.WriteInt32LittleEndian(prelude[FileLayout.LengthOffset..], manifest.Length);
        stream.Write(prelude);
        stream.Write(CheckpointFileReader.HashOf(prelude, manifest));
        stream.Write(manifest);
    }

    private static ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> content)
    {
        var target = new MemoryStream();
        PartCodec.Compress(content.Span, target);
        return target.GetBuffer().AsMemory(0, (int)target.Length);
    }

    private static Header HeaderOf(CheckpointHeader header) => new()
    {
        Scenario = header.Scenario,
        Variant = header.Variant,
        Seed = header.Seed,
        At = header.At.Picoseconds,
        Fingerprint = header.Fingerprint,
        Digest = header.Digest,
        Program = header.Program,
    };
}
