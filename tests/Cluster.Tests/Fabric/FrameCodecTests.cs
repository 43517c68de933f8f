using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Trapline.Cluster.Fabric;
using Trapline.Cluster.Fabric.Frames;
using Xunit;

namespace Trapline.Cluster.Tests.Fabric;

public sealed class FrameCodecTests
{
    /// <summary>RFC 3720 appendix B.4: the check values for 32 bytes of zeros, of ones, and of 0 to 31.</summary>
    [Fact]
    public void The_checksum_is_the_one_of_the_standard()
    {
        var ones = Enumerable.Repeat((byte)0xFF, 32).ToArray();
        var rising = Enumerable.Range(0, 32).Select(value => (byte)value).ToArray();
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32], []));
        Assert.Equal(0x62A8AB43u, Crc32C.Compute(ones, []));
        Assert.Equal(0x46DD794Eu, Crc32C.Compute(rising.AsSpan(0, 13), rising.AsSpan(13)));
    }

    /// <summary>Lanes hold 1024 bytes and three are joined: lengths about the first, the second and no join.</summary>
    [Theory]
    [InlineData(3071)]
    [InlineData(3072)]
    [InlineData(3079)]
    [InlineData(6143)]
    [InlineData(6144)]
    [InlineData(20_011)]
    public void The_checksum_of_long_frames_is_the_one_of_the_standard(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var expected = uint.MaxValue;
        foreach (var value in bytes)
        {
            expected ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                // The polynomial, its bits reversed.
                expected = (expected >> 1) ^ (0x82F63B78u & (0 - (expected & 1)));
            }
        }

        Assert.Equal(~expected, Crc32C.Compute(bytes, []));
        Assert.Equal(~expected, Crc32C.Compute(bytes.AsSpan(0, 60), bytes.AsSpan(60)));
    }

    [Fact]
    public void The_header_has_64_bytes_in_the_order_of_its_fields()
    {
        Assert.Equal(FrameHeader.Size, Unsafe.SizeOf<FrameHeader>());
        var frame = HandMadePeer.ValidWindow();
        Assert.Equal("TRPL"u8.ToArray(), frame[..4]);
        Assert.Equal([2, 0, 2, 0, 1, 0, 0, 0], frame[4..12]);
        Assert.Equal([100, 0, 0, 0, 0, 0, 0, 0], frame[32..40]);
        Assert.Equal([128, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0], frame[48..60]);
    }

    [Fact]
    public void Every_flipped_bit_of_a_frame_is_found()
    {
        var frame = HandMadePeer.ValidWindow();
        Assert.Null(Judge(frame));
        for (var bit = 0; bit < frame.Length * 8; bit++)
        {
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(Judge(frame) is not null, $"Bit {bit} may be flipped unnoticed.");
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Mutated_frames_are_never_taken_for_whole()
    {
        var valid = HandMadePeer.ValidWindow();
        for (var seed = 0; seed < 50_000; seed++)
        {
            var mutated = FrameMutation.Of(valid, new Random(seed));
            if (mutated.Length >= FrameHeader.Size && !mutated.AsSpan().SequenceEqual(valid))
            {
                Assert.True(Judge(mutated) is not null, $"Seed {seed} makes a frame that passes.");
            }
        }
    }

    [Fact]
    public void A_configuration_survives_its_wire_form()
    {
        var configuration = new FabricConfiguration().With("seed", "7").With("scenario", "a=b; ü");
        var decoded = FabricConfiguration.TryDecode(configuration.Encode());
        Assert.NotNull(decoded);
        configuration.Require(0, 1, decoded);
    }

    [Theory]
    [InlineData("a=1")]
    [InlineData("=1\n")]
    [InlineData("a\nb=1\n")]
    [InlineData("a=1\na=2\n")]
    [InlineData("\n")]
    public void What_is_no_configuration_is_not_taken_for_one(string text) =>
        Assert.Null(FabricConfiguration.TryDecode(System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Bytes_that_are_no_utf8_are_no_configuration() => Assert.Null(FabricConfiguration.TryDecode([0x61, 0x3D, 0xFF, 0x0A]));

    /// <summary>As the reader does it: the header first, the payload if its length is as declared.</summary>
    private static string? Judge(byte[] frame)
    {
        var header = MemoryMarshal.Read<FrameHeader>(frame);
        var payload = frame.AsSpan(FrameHeader.Size);
        return FrameCodec.Judge(header, new FrameExpectation(1, 0, 1, 0), FabricLimits.Default)
            ?? (header.PayloadBytes == payload.Length ? FrameCodec.Judge(header, payload) : "length");
    }
}
