using System.Buffers.Binary;
using Google.Protobuf;
using Trapline.Persistence.Format;
using Trapline.Persistence.Format.Protos;
using Xunit;

namespace Trapline.Persistence.Tests.Format;

/// <summary>Exported checkpoints: what comes back, and what is refused with which words.</summary>
[Trait("Runs", "Once")]
public sealed class CheckpointFileTests
{
    private static readonly byte[] Sample = Bytes(SampleCheckpoint.Create(1));

    [Fact]
    public void What_is_written_is_read_again()
    {
        var sample = SampleCheckpoint.Create(1, bytes: 1_000_000);
        Same.Checkpoint(sample, Read(Bytes(sample)));
        Same.Checkpoint(sample with { Parts = [] }, Read(Bytes(sample with { Parts = [] })));
        Assert.Equal("c3f3fde6273caefd", CheckpointFile.IdOf(Read(Sample)));
    }

    [Fact]
    public void It_compresses()
        => Assert.InRange(Sample.Length, 10_000, 12_000);

    [Fact]
    public void Every_truncation_is_refused()
    {
        Assert.Contains("is empty", Refusal([]), StringComparison.Ordinal);
        for (var length = 1; length < Sample.Length; length += length < 2_000 ? 1 : 97)
        {
            Assert.Contains("it was cut off or altered", Refusal(Sample[..length]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_flipped_bit_is_refused()
    {
        var altered = (byte[])Sample.Clone();
        for (var bit = 0; bit < altered.Length * 8; bit += bit < 8_000 ? 1 : 31)
        {
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            Refusal(altered);
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Bytes_after_the_end_are_refused_with_their_offset()
        => Assert.Contains($"byte {Sample.Length}: 3 bytes follow its last part", Refusal([.. Sample, 1, 2, 3]), StringComparison.Ordinal);

    [Fact]
    public void A_newer_version_says_which_is_needed()
    {
        var newer = (byte[])Sample.Clone();
        BinaryPrimitives.WriteUInt32LittleEndian(newer.AsSpan(FileLayout.VersionOffset), 7);
        Assert.Contains("byte 8: it is in version 7 of the format, and this program reads up to version 1", Refusal(newer), StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Foreign => new()
    {
        { "\u001f\u008b\u0008\u0000", "gzip data" },
        { "SQLite format 3\0\u0010\0", "an SQLite database" },
        { "{\"digest\": 1}", "JSON" },
        { "  [1, 2]", "JSON" },
        { "name: ipi-multicast\nseed: 1\n", "YAML" },
        { "PK\u0003\u0004\u0014", "a zip archive" },
        { "\u007fELF\u0002", "a program" },
        { "TRAP\r\n\u001a", "transferred as text" },
        { "\u0089TRAP\n\u001a\u0001\0", "transferred as text" },
        { "\0\0\0\0\0\0\0\0\0\0", "zeros" },
        { "\u0001\u0002\u0003\u0004", "data of another program" },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public void A_foreign_file_is_told_what_it_looks_like(string beginning, string told)
    {
        Assert.Contains(told, Refusal([.. beginning.Select(character => (byte)character)]), StringComparison.Ordinal);
    }

    /// <summary>Files with right digests that somebody made on purpose.</summary>
    private static readonly Dictionary<string, (Action<Manifest> Alter, string Told)> Hostile = new()
    {
        ["no header"] = (manifest => manifest.Header = null, "it has 0 headers"),
        ["a name twice"] = (manifest => manifest.Parts[1].Name = "run", "two parts 'run'"),
        ["no name"] = (manifest => manifest.Parts[1].Name = "", "no name"),
        ["a long name"] = (manifest => manifest.Parts[1].Name = new('x', 129), "at most 128"),
        ["a long text"] = (manifest => manifest.Header.Digest = new('x', 4_097), "at most 4096"),
        ["an escape sequence"] = (manifest => manifest.Header.Scenario = "\u001b[2J", "control characters"),
        ["a negative time"] = (manifest => manifest.Header.At = -1, "-1 ps"),
        ["a negative version"] = (manifest => manifest.Parts[0].SchemaVersion = -1, "schema version -1"),
        ["a short digest"] = (manifest => manifest.Parts[0].Sha256 = ByteString.CopyFrom(1, 2), "no SHA-256"),
        ["another digest"] = (manifest => manifest.Parts[2].Sha256 = manifest.Parts[1].Sha256, "part 'group/board': its content has not the SHA-256"),
        ["another stored digest"] = (manifest => manifest.Parts[2].StoredSha256 = manifest.Parts[1].StoredSha256, "part 'group/board': its"),
        ["a large part"] = (manifest => manifest.Parts[2].Length = CheckpointLimits.PartBytes + 1L, "1073741825 bytes"),
        ["a part that cannot be so large"] = (manifest => manifest.Parts[2].Length = 900_000_000, "which cannot be"),
        ["a bomb"] = (manifest => manifest.Parts[3].Length = 8_192, "it ends after 4096 of 8192 bytes"),
        ["a bomb of the other kind"] = (manifest => manifest.Parts[3].Length = 1_000, "more than the 1000 bytes that are declared"),
        ["a negative length"] = (manifest => manifest.Parts[2].Length = -1, "-1 bytes"),
        ["a negative stored length"] = (manifest => manifest.Parts[2].StoredLength = -1, "which cannot be"),
        ["a stored length beyond the file"] = (manifest => manifest.Parts[2].StoredLength = 20_000, "but the file has only"),
        ["an enormous stored length"] = (manifest => manifest.Parts[2].StoredLength = long.MaxValue, "which cannot be"),
        ["bytes where none are declared"] = (manifest => (manifest.Parts[4].StoredLength, manifest.Parts[2].StoredLength) = (1, manifest.Parts[2].StoredLength - 1), "which cannot be"),
        ["in all too large"] = (manifest => manifest.Parts.Add(Enumerable.Range(0, 5).Select(number => new Part(manifest.Parts[2]) { Name = $"{number}", Length = CheckpointLimits.PartBytes })), "at most 4294967296"),
    };

    public static TheoryData<string> HostileNames => [.. Hostile.Keys];

    [Theory]
    [MemberData(nameof(HostileNames))]
    public void A_file_made_on_purpose_is_refused(string what)
    {
        var (alter, told) = Hostile[what];
        var (manifest, parts) = Take(Sample);
        alter(manifest);
        Assert.Contains(told, Refusal(Make(manifest.ToByteArray(), parts)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_is_not_known_is_refused_wherever_it_is()
    {
        var (manifest, parts) = Take(Sample);
        byte[] unknown = [0x7a, 1, 1];
        Assert.Contains("a field 15", Refusal(Make([.. manifest.ToByteArray(), .. unknown], parts)), StringComparison.Ordinal);

        // In a part: the same bytes behind its own.
        var part = manifest.Parts[4].ToByteArray();
        manifest.Parts.RemoveAt(4);
        byte[] nested = [.. manifest.ToByteArray(), 0x12, (byte)(part.Length + unknown.Length), .. part, .. unknown];
        Assert.Contains("fields that this version of the format does not have", Refusal(Make(nested, parts)), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_parts_in_few_bytes_take_no_memory()
    {
        // Two bytes each.
        var bytes = new byte[8 << 20];
        for (var at = 0; at < bytes.Length; at += 2)
        {
            bytes[at] = 0x12;
        }

        var (manifest, parts) = Take(Sample);
        manifest.Parts.Clear();
        var file = Make([.. manifest.ToByteArray(), .. bytes], parts);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("parts; at most 131072", Refusal(file), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 3 * bytes.Length);
    }

    [Fact]
    public void A_file_is_wholly_there_or_as_it_was()
    {
        using var folder = new TestFolder();
        var file = folder.PathOf("one" + CheckpointFile.Extension);
        CheckpointFile.Write(SampleCheckpoint.Create(1), file, overwrite: false);
        Assert.Contains("--force", Same.Refused(CheckpointFailure.Input, () => CheckpointFile.Write(SampleCheckpoint.Create(2), file, overwrite: false)).Message, StringComparison.Ordinal);
        Same.Checkpoint(SampleCheckpoint.Create(1), CheckpointFile.Read(file));
        CheckpointFile.Write(SampleCheckpoint.Create(2), file, overwrite: true);
        Same.Checkpoint(SampleCheckpoint.Create(2), CheckpointFile.Read(file));
        Assert.Equal([file], Directory.GetFileSystemEntries(folder.PathOf()));
        Same.Refused(CheckpointFailure.Environment, () => CheckpointFile.Write(SampleCheckpoint.Create(2), folder.PathOf("missing", "x"), overwrite: false));
        Same.Refused(CheckpointFailure.Input, () => CheckpointFile.Write(SampleCheckpoint.Create(2), folder.PathOf(), overwrite: true));
        Same.Refused(CheckpointFailure.Input, () => CheckpointFile.Read(folder.PathOf("missing")));
        Same.Refused(CheckpointFailure.Input, () => CheckpointFile.Read(folder.PathOf()));
    }

    private static string Refusal(byte[] bytes) => Same.Refused(CheckpointFailure.Input, () => Read(bytes)).Message;

    private static Checkpoint Read(byte[] bytes) => CheckpointFile.Read(new MemoryStream(bytes, writable: false), "'x'");

    private static byte[] Bytes(Checkpoint checkpoint)
    {
        var stream = new MemoryStream();
        CheckpointFile.Write(checkpoint, stream);
        return stream.ToArray();
    }

    private static (Manifest Manifest, byte[] Parts) Take(byte[] file)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(FileLayout.LengthOffset));
        var end = FileLayout.ManifestOffset + length;
        return (Manifest.Parser.ParseFrom(file, FileLayout.ManifestOffset, length), file[end..]);
    }

    private static byte[] Make(byte[] manifest, byte[] parts)
    {
        var prelude = new byte[FileLayout.HashOffset];
        FileLayout.Magic.CopyTo(prelude);
        BinaryPrimitives.WriteUInt32LittleEndian(prelude.AsSpan(FileLayout.VersionOffset), FileLayout.Version);
        BinaryPrimitives.WriteInt32LittleEndian(prelude.AsSpan(FileLayout.LengthOffset), manifest.Length);
        return [.. prelude, .. CheckpointFileReader.HashOf(prelude, manifest), .. manifest, .. parts];
    }
}
