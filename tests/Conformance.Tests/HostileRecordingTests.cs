using Trapline.Devices.LoongArch.Profiles;
using Trapline.Machines.Recordings;
using Xunit;

namespace Trapline.Conformance.Tests;

/// <summary>Files that are no recordings, or were: each is an error that names the line and what was expected.</summary>
public sealed class HostileRecordingTests
{
    private const int Seed = 20_261_121;

    /// <summary>Fields that are right somewhere: registers at the edges of the devices, widths, all bits.</summary>
    private static readonly string[] Values =
        ["1", "2", "8", "0x0", "0xff", "0xffffffffffffffff", "0x1008", "0x1023", "0x1048", "0x115f", "0x1158", "0x1400", "0x1601", "0x1cf8", "0x40000000", "0x40000fff",
        "0x420", "0x10000000", "0x10000022", "0x100002ff", "0x100003a0", "0x100003e7", "0x100003f0", "0x10000ff8", "iocsr", "mem", "R", "W", "255", "63"];

    private static readonly string[] Good =
    [
        "# recording test",
        "# qemu 11.1.3 (somewhere), qemu-system-loongarch64",
        "# smp 2",
        "# v-eiointc on",
        "W 0 iocsr 0x1004 4 0xffffffff",
        "R 0 iocsr 0x1004 4 0xffffffff",
        "W 1 iocsr 0x1040 4 0x80000003",
        "O 0 12 1",
        "I 0 12 0x1000 0x1c1d",
        "# end complete: the test is over",
    ];

    [Fact]
    public void The_good_one_is_good()
    {
        var result = Recorded.Replay(Good);
        Assert.Null(result.Error);
        Assert.Equal((5L, 2L, 3L, 0L), (result.Events, result.Inputs, result.Compared, result.Mismatches));
    }

    /// <summary>One line replaced: number of the line from 1, what it becomes, part of the error.</summary>
    [Theory]
    [InlineData(1, "W 0 iocsr 0x1004 4 0xffffffff", "should begin with '# recording NAME' or '# gicv3-its recording, grammar version 1'")]
    [InlineData(1, "# gicv5 recording", "should be '# recording NAME' or '# gicv3-its recording, grammar version 1'")]
    [InlineData(3, "# smp 0", "1 to 256 CPUs")]
    [InlineData(3, "# smp many", "1 to 256 CPUs")]
    [InlineData(3, "# no cpus", "should have '# smp N'")]
    [InlineData(4, "# v-eiointc maybe", "'# v-eiointc on'")]
    [InlineData(4, "# nothing", "should have '# v-eiointc on'")]
    [InlineData(4, "# smp 2", "'# smp' is in the head already")]
    [InlineData(2, "# recording again", "'# recording' is in the head already")]
    [InlineData(5, "", "the line is empty")]
    [InlineData(5, "Q 0 iocsr 0x1004 4 0xffffffff", "an event's letter")]
    [InlineData(5, "WW 0 iocsr 0x1004 4 0xffffffff", "an event's letter")]
    [InlineData(5, "W 2 iocsr 0x1004 4 0xffffffff", "'2' should be a CPU from 0 to 1")]
    [InlineData(5, "W -1 iocsr 0x1004 4 0xffffffff", "a CPU from 0 to 1")]
    [InlineData(5, "W 0 msr 0x1004 4 0xffffffff", "iocsr or mem")]
    [InlineData(5, "W 0 iocsr 1004 4 0xffffffff", "hexadecimal after 0x")]
    [InlineData(5, "W 0 iocsr 0x10000000000000000 4 0xffffffff", "hexadecimal after 0x")]
    [InlineData(5, "W 0 iocsr 0x1004 3 0xffffff", "an access of 3 bytes")]
    [InlineData(5, "W 0 iocsr 0x1004 0 0x0", "an access of 0 bytes")]
    [InlineData(5, "W 0 iocsr 0x1004 16 0x0", "an access of 16 bytes: 1, 2, 4 or 8 was expected")]
    [InlineData(5, "W 0 iocsr 0x1004 2 0x10000", "does not fit 2 bytes")]
    [InlineData(5, "W 0 iocsr 0x115e 4 0x0", "not in a controller")]
    [InlineData(5, "W 0 mem 0x20000000 4 0x0", "PCH-PIC")]
    [InlineData(5, "W 0 iocsr 0xffffffffffffffff 8 0x0", "not in a controller")]
    [InlineData(5, "M 0x2ff00008 4 0x40", "the doorbell")]
    [InlineData(5, "L pic 64 1", "a pin from 0 to 63")]
    [InlineData(5, "L ext 3 1", "should be pic")]
    [InlineData(5, "X ext 3 1", "is the effect of")]
    [InlineData(5, "W 0 iocsr 0x1004 4", "the line ends where a value was expected")]
    [InlineData(5, "W 0 iocsr 0x1004 4 0xffffffff 7", "is too much")]
    [InlineData(5, "W  0 iocsr 0x1004 4 0xffffffff", "a CPU from 0 to 1")]
    [InlineData(5, "W 0 iocsr 0x1004 4 0xffffffff\r", "hexadecimal after 0x")]
    [InlineData(8, "O 0 12 2", "a level, 0 or 1")]
    [InlineData(8, "O 0 13 1", "an interrupt input from 0 to 12")]
    [InlineData(9, "I 0 12 4096 0x1c1d", "ESTAT.IS, hexadecimal")]
    [InlineData(10, "# end maybe", "'# end complete' or '# end cut'")]
    public void A_wrong_line_is_named(int line, string text, string expected)
    {
        var result = Recorded.Replay(new List<string>(Good) { [line - 1] = text });
        Assert.NotNull(result.Error);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Matches($@":{(expected.Contains("should have", StringComparison.Ordinal) ? 5 : line)}: error: ", result.Error);
    }

    [Fact]
    public void What_follows_the_end_is_an_error() =>
        Assert.Contains(":11: error: the recording ended on the line before", Recorded.Replay([.. Good, Good[4]]).Error, StringComparison.Ordinal);

    [Fact]
    public void A_file_without_its_end_is_truncated() =>
        Assert.Contains(":10: error: the file ends here", Recorded.Replay(Good[..^1]).Error, StringComparison.Ordinal);

    [Fact]
    public void An_unknown_recorder_needs_a_profile()
    {
        var error = Recorded.Replay(new List<string>(Good) { [1] = "# qemu 8.0.0" }).Error;
        Assert.Contains("'qemu 8.0.0', of which no profile is known; name one with --profile: kvm", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Effects_that_a_file_leaves_out_do_not_pile_up()
    {
        var result = Recorded.Replay([.. Good[..4], .. Enumerable.Repeat("R 0 iocsr 0x420 8 0x0", 10_000), Good[^1]]);
        Assert.Equal((10_000L, 10_000L), (result.Compared, result.Mismatches));
        Assert.Equal(5, result.FirstMismatches[0].Line);
        Assert.StartsWith("4100: ", result.FirstMismatches[0].Before[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_are_bounded()
    {
        var error = Recorded.Replay(new List<string>(Good) { [4] = new string('W', 2_000_000) }).Error;
        Assert.Contains($":5: error: the line has more than {RecordingLimits.LineBytes} bytes", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_compressed_file_that_was_cut_is_an_error()
    {
        var whole = File.ReadAllBytes(Recorded.PathOf("a-smp1-work"));
        for (var length = 0; length < whole.Length; length += length > whole.Length - 120 ? 1 : 97)
        {
            Assert.NotNull(Recorded.Replay(whole[..length]).Error);
        }
    }

    [Fact]
    public void Damaged_compression_is_an_error_or_a_mismatch_and_nothing_else()
    {
        var whole = File.ReadAllBytes(Recorded.PathOf("a-smp1-work"));
        var random = new Random(Seed);
        for (var i = 0; i < 200; i++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[random.Next(10, damaged.Length)] ^= (byte)(1 << random.Next(8));
            _ = Recorded.Replay(damaged);
        }
    }

    /// <summary>Fields and lines changed, doubled, swapped and dropped at random: an error with a line, or a result; never anything else.</summary>
    [Fact]
    public void Garbled_recordings_never_crash()
    {
        var random = new Random(Seed);
        var sources = new[] { "c-smp16-work", "e-smp4-msix", "f-smp4-uart-rtc" }.Select(name => Recorded.Lines(name)).ToArray();
        var errors = 0;
        for (var i = 0; i < 300; i++)
        {
            var source = sources[i % sources.Length];
            var start = random.Next(source.Count - 400);
            List<string> lines = [.. source.Where(line => line[0] == '#').SkipLast(1), .. source.Skip(start).Take(300).Where(line => line[0] != '#'), source[^1]];
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                Damage.Garble(lines, random, Values);
            }

            var result = Recorded.Replay(lines, LoongArchProfiles.All[i % LoongArchProfiles.All.Count].Name);
            errors += result.Error is null ? 0 : 1;
            Assert.True(result.Error is null || result.Error.Contains(": error: ", StringComparison.Ordinal));
        }

        Assert.InRange(errors, 50, 300);
    }

    [Fact]
    public void Noise_never_crashes()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 300; i++)
        {
            var noise = new byte[random.Next(4_000)];
            random.NextBytes(noise);
            Assert.NotNull(Recorded.Replay(noise).Error);
            Assert.NotNull(Recorded.Replay(Damage.Compress(noise)).Error);
        }
    }
}
