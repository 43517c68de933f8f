using System.Buffers.Binary;
using System.Security.Cryptography;
using Trapline.Machines.Text;
using Trapline.Persistence.Format.Protos;
using Trapline.Persistence.Identity;

namespace Trapline.Persistence.Format;

/// <summary>
/// Reads an exported checkpoint that may be anybody's. Sizes are held against the limits and against the file before anything of that size is
/// made; nothing is handed out before all of it was checked.
/// </summary>
/// <param name="stream">Positioned at its beginning, able to tell its length.</param>
/// <param name="place">For messages.</param>
internal sealed class CheckpointFileReader(Stream stream, string place)
{
    private const string Remedy = "it was cut off or altered: export or copy it again";

    /// <exception cref="CheckpointException">It is no checkpoint, or an altered one, or of a version that is not known.</exception>
    public Checkpoint Read()
    {
        var manifest = ReadManifest();
        var header = Header(manifest.Header);
        var identity = Checked(() => CheckpointManifest.Of(header, [.. manifest.Parts.Select(Stored)]));
        CheckSizes(manifest);
        var parts = new List<CheckpointPart>(manifest.Parts.Count);
        foreach (var (part, stored) in manifest.Parts.Zip(identity.Parts))
        {
            parts.Add(new(part.Name, part.SchemaVersion, Content(part, stored)));
        }

        return new(header, parts);
    }

    private Manifest ReadManifest()
    {
        var prelude = new byte[ForeignFile.Beginning];
        var read = stream.ReadAtLeast(prelude, prelude.Length, throwOnEndOfStream: false);
        CheckMagic(prelude.AsSpan(0, read));
        if (read < FileLayout.ManifestOffset)
        {
            throw Wrong(read, $"the file ends within its header of {FileLayout.ManifestOffset} bytes; {Remedy}");
        }

        CheckVersion(BinaryPrimitives.ReadUInt32LittleEndian(prelude.AsSpan(FileLayout.VersionOffset)));
        var length = BinaryPrimitives.ReadUInt32LittleEndian(prelude.AsSpan(FileLayout.LengthOffset));
        if (length > FileLayout.ManifestBytes)
        {
            throw Wrong(FileLayout.LengthOffset, $"its manifest is declared to have {length} bytes; at most {FileLayout.ManifestBytes} are allowed; {Remedy}");
        }

        if (length > stream.Length - FileLayout.ManifestOffset)
        {
            throw Wrong(FileLayout.LengthOffset, $"its manifest is declared to have {length} bytes, but the file has only {stream.Length} in all; {Remedy}");
        }

        stream.Position = FileLayout.ManifestOffset;
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        if (!HashOf(prelude.AsSpan(0, FileLayout.HashOffset), bytes).AsSpan().SequenceEqual(prelude.AsSpan(FileLayout.HashOffset, FileLayout.HashBytes)))
        {
            throw Wrong(FileLayout.HashOffset, $"its manifest has not the SHA-256 that is recorded; {Remedy}");
        }

        try
        {
            return ManifestBytes.Parse(bytes);
        }
        catch (InvalidDataException failure)
        {
            throw Wrong(FileLayout.ManifestOffset, $"its manifest cannot be used: {failure.Message}; export it again, with the program that wrote it");
        }
    }

    internal static byte[] HashOf(ReadOnlySpan<byte> prelude, ReadOnlySpan<byte> manifest)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(prelude);
        hash.AppendData(manifest);
        return hash.GetHashAndReset();
    }

    private void CheckMagic(ReadOnlySpan<byte> beginning)
    {
        if (beginning.IsEmpty)
        {
            throw new CheckpointException(CheckpointFailure.Input, $"{place} is empty; export the checkpoint again");
        }

        var magic = FileLayout.Magic;
        if (!beginning.StartsWith(magic))
        {
            throw magic.StartsWith(beginning)
                ? Wrong(beginning.Length, $"the file ends within its first {magic.Length} bytes; {Remedy}")
                : new CheckpointException(CheckpointFailure.Input, $"{place} is no exported checkpoint: it looks like {ForeignFile.Describe(beginning)}; 'trapline snapshot export' writes such files");
        }
    }

    private void CheckVersion(uint version)
    {
        if (version > FileLayout.Version)
        {
            throw Wrong(FileLayout.VersionOffset, $"it is in version {version} of the format, and this program reads up to version {FileLayout.Version}: read it with a Trapline that knows version {version}, or altered: then copy it again");
        }

        if (version == 0)
        {
            throw Wrong(FileLayout.VersionOffset, $"it is in version 0 of the format, which there never was; {Remedy}");
        }
    }

    /// <summary>All parts together fill the rest of the file, exactly; none can be larger than what DEFLATE makes of its bytes.</summary>
    private void CheckSizes(Manifest manifest)
    {
        var at = stream.Position;
        foreach (var part in manifest.Parts)
        {
            if (!PartCodec.IsPossible(part.Length, part.StoredLength))
            {
                throw Wrong(at, part, $"{part.Length} bytes are declared to be compressed into {part.StoredLength}, which cannot be; {Remedy}");
            }

            if (part.StoredLength > stream.Length - at)
            {
                throw Wrong(at, part, $"{part.StoredLength} bytes are declared, but the file has only {stream.Length - at} more; {Remedy}");
            }

            at += part.StoredLength;
        }

        if (at < stream.Length)
        {
            throw Wrong(at, $"{stream.Length - at} bytes follow its last part; {Remedy}");
        }
    }

    private byte[] Content(Part part, StoredPart stored)
    {
        var at = stream.Position;
        var bytes = new byte[part.StoredLength];
        stream.ReadExactly(bytes);
        if (!SHA256.HashData(bytes).AsSpan().SequenceEqual(part.StoredSha256.Span))
        {
            throw Wrong(at, part, $"its {bytes.Length} bytes have not the SHA-256 that is recorded; {Remedy}");
        }

        byte[] content;
        try
        {
            content = PartCodec.Decompress(new MemoryStream(bytes, writable: false), part.Length);
        }
        catch (InvalidDataException failure)
        {
            throw Wrong(at, part, $"it cannot be decompressed: {failure.Message.TrimEnd('.')}; export it again");
        }

        return CheckpointManifest.Hash(content) == stored.Sha256
            ? content
            : throw Wrong(at, part, "its content has not the SHA-256 that is recorded; export it again");
    }

    private static StoredPart Stored(Part part) => new(part.Name, part.SchemaVersion, part.Length, Convert.ToHexStringLower(part.Sha256.Span));

    private static CheckpointHeader Header(Header header) => new()
    {
        Scenario = header.Scenario,
        Variant = header.Variant,
        Seed = header.Seed,
        At = new(header.At),
        Fingerprint = header.Fingerprint,
        Digest = header.Digest,
        Program = header.Program,
    };

    private CheckpointManifest Checked(Func<CheckpointManifest> make)
    {
        try
        {
            return make();
        }
        catch (CheckpointException failure)
        {
            throw Wrong(FileLayout.ManifestOffset, $"{failure.Message}; export it again, with the program that wrote it");
        }
    }

    private CheckpointException Wrong(long offset, Part part, string problem) => Wrong(offset, $"part {Quoted.Show(part.Name)}: {problem}");

    private CheckpointException Wrong(long offset, string problem) => new(CheckpointFailure.Input, $"{place}, byte {offset}: {problem}");
}
