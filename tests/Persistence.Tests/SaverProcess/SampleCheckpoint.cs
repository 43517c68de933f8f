namespace Trapline.Persistence.Tests;

/// <summary>A checkpoint for tests: its content follows from its number alone.</summary>
internal static class SampleCheckpoint
{
    /// <param name="number">Which: another one is another cut of the same run.</param>
    /// <param name="bytes">Of its large part.</param>
    /// <param name="run">Stands for its fingerprint.</param>
    public static Checkpoint Create(int number, int bytes = 20_000, string run = "f00d") => new(
        new()
        {
            Scenario = "storm",
            Variant = "vcpus=4 pattern=all-to-all",
            Seed = ulong.MaxValue - 1,
            At = new(1_000_000L * number),
            Fingerprint = run,
            Digest = $"{number:x32}",
            Program = "0.1.0+test",
        },
        [
            new("run", 1, BitConverter.GetBytes(number)),
            new("inputs", 3, "the same in every checkpoint of a run: stored once"u8.ToArray()),
            new("group/board", 2, Content(number, bytes)),
            new("group/vcpu0", 2, new byte[4_096]),
            new("nothing", 0, ReadOnlyMemory<byte>.Empty),
        ]);

    /// <summary>Half of it compresses well, half not at all.</summary>
    private static byte[] Content(int number, int bytes)
    {
        var content = new byte[bytes];
        var state = (ulong)number * 0x9e3779b97f4a7c15 + 1;
        for (var i = 0; i < bytes / 2; i++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            content[i] = (byte)state;
        }

        return content;
    }
}
