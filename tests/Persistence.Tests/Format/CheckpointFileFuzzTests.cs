using System.Buffers.Binary;
using System.Security.Cryptography;
using Trapline.Persistence.Format;
using Xunit;

namespace Trapline.Persistence.Tests.Format;

/// <summary>Files altered at random: refused, whatever was done to them, without a crash and in little memory.</summary>
[Trait("Runs", "Once")]
public sealed class CheckpointFileFuzzTests
{
    private const int Cases = 6_000;

    /// <summary>Every fixed cost of reading one file.</summary>
    private const long OwnBytes = 1 << 20;

    /// <summary>What DEFLATE can make of a file at most, twice: the stored bytes are in memory beside the content.</summary>
    private const long BytesForEach = 2 * 1_032;

    private static readonly byte[][] Corpus = [.. new[] { 0, 64, 3_000, 60_000 }.Select((bytes, number) => Bytes(SampleCheckpoint.Create(number, bytes)))];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 4)];

    /// <summary>What anybody's disk or network may do.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void An_altered_file_is_refused(int seed)
    {
        var random = new Random(seed);
        for (var at = 0; at < Cases; at++)
        {
            var original = Corpus[random.Next(Corpus.Length)];
            var altered = Alter(original, random);
            if (!altered.AsSpan().SequenceEqual(original))
            {
                Assert.True(Refused(altered), $"seed {seed}, case {at}: an altered file was read");
            }
        }
    }

    /// <summary>What somebody does who means harm: the digest over the manifest is made right again, so that what is behind it is reached.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_manifest_made_right_again_is_refused_or_read_whole(int seed)
    {
        var random = new Random(1_000 + seed);
        var read = 0;
        for (var at = 0; at < Cases; at++)
        {
            var original = Corpus[random.Next(Corpus.Length)];
            var length = BinaryPrimitives.ReadInt32LittleEndian(original.AsSpan(FileLayout.LengthOffset));
            var manifest = Alter(original[FileLayout.ManifestOffset..(FileLayout.ManifestOffset + length)], random);
            read += Refused(Sealed(manifest, original[(FileLayout.ManifestOffset + length)..])) ? 0 : 1;
        }

        // A letter of a name, a time: such changes make another checkpoint, and a right one.
        Assert.InRange(read, Cases / 100, Cases / 2);
    }

    private static bool Refused(byte[] file)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            CheckpointFile.Read(new MemoryStream(file, writable: false), "'x'");
            return false;
        }
        catch (CheckpointException failure)
        {
            Assert.Equal(CheckpointFailure.Input, failure.Failure);
            return true;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, OwnBytes + (file.Length * BytesForEach));
        }
    }

    private static byte[] Alter(byte[] original, Random random)
    {
        var bytes = original;
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            bytes = bytes.Length == 0 ? [(byte)random.Next(256)] : Once(bytes, random);
        }

        return bytes;
    }

    private static byte[] Once(byte[] bytes, Random random)
    {
        // Most of what decides is at the beginning.
        var at = random.Next(2) == 0 ? random.Next(Math.Min(bytes.Length, 400)) : random.Next(bytes.Length);
        var altered = (byte[])bytes.Clone();
        switch (random.Next(7))
        {
            case 0:
                altered[at] ^= (byte)(1 << random.Next(8));
                return altered;
            case 1:
                altered[at] = (byte)random.Next(256);
                return altered;
            case 2:
                return bytes[..at];
            case 3:
                return [.. bytes[..at], .. bytes[random.Next(bytes.Length)..]];
            case 4:
                var other = Corpus[random.Next(Corpus.Length)];
                return [.. bytes[..at], .. other[random.Next(other.Length)..]];
            case 5 when at + sizeof(uint) <= bytes.Length:
                // A length, as 32 bits have it: 0, 1, the greatest, or anything.
                BinaryPrimitives.WriteUInt32LittleEndian(altered.AsSpan(at), random.Next(4) switch { 0 => 0, 1 => 1, 2 => uint.MaxValue, _ => (uint)random.NextInt64(uint.MaxValue) });
                return altered;
            default:
                // A length, as Protocol Buffers have it: a number of many bytes in place of one of few.
                return [.. bytes[..at], .. Enumerable.Repeat((byte)0xff, random.Next(1, 10)), (byte)random.Next(128), .. bytes[at..]];
        }
    }

    private static byte[] Sealed(byte[] manifest, byte[] parts)
    {
        var prelude = new byte[FileLayout.HashOffset];
        FileLayout.Magic.CopyTo(prelude);
        BinaryPrimitives.WriteUInt32LittleEndian(prelude.AsSpan(FileLayout.VersionOffset), FileLayout.Version);
        BinaryPrimitives.WriteInt32LittleEndian(prelude.AsSpan(FileLayout.LengthOffset), manifest.Length);
        return [.. prelude, .. SHA256.HashData([.. prelude, .. manifest]), .. manifest, .. parts];
    }

    private static byte[] Bytes(Checkpoint checkpoint)
    {
        var stream = new MemoryStream();
        CheckpointFile.Write(checkpoint, stream);
        return stream.ToArray();
    }
}
