using Xunit;

namespace Trapline.Conformance.Tests;

/// <summary>Recordings that nobody made, whose answers follow from those that somebody did.</summary>
public sealed class GicMetamorphicTests
{
    [Theory]
    [InlineData("io4")]
    [InlineData("sgi4")]
    [InlineData("flip4")]
    [InlineData("aff4")]
    [InlineData("spi4")]
    [InlineData("eoi4")]
    public void Other_cpus_of_a_larger_machine_answer_alike(string name)
    {
        var result = Recorded.Replay(Renumbered.Lines(name));
        Assert.Null(result.Error);
        Assert.Equal(64, result.Cpus);
        Assert.True(result.Mismatches == 0, string.Join('\n', result.FirstMismatches));
    }

    /// <summary>After a reset all is as at the start, whatever was going on: enabled, pending, active, mapped, lines high.</summary>
    [Theory]
    [InlineData("io4", 1.0)]
    [InlineData("eoi4", 0.47)]
    [InlineData("aff4", 0.8)]
    [InlineData("itspoke4", 0.4)]
    public void A_boot_after_a_reset_answers_as_the_first(string name, double part)
    {
        var lines = GicRecorded.Lines(name);
        // What an input causes is announced before the next.
        var end = (int)(lines.Count * part);
        end += lines.Skip(end).TakeWhile(line => line[0] == 'I').Count();
        List<string> twice = [.. lines.Take(end), "Z", .. lines.Where(line => line[0] != '#')];
        var result = Recorded.Replay(twice);
        Assert.Null(result.Error);
        Assert.True(result.Mismatches == 0, string.Join('\n', result.FirstMismatches));
    }

    /// <summary>Without it the second boot is not like the first: it is the reset that makes it so.</summary>
    [Fact]
    public void A_boot_without_a_reset_does_not()
    {
        var lines = GicRecorded.Lines("smp1");
        Assert.NotEqual(0, Recorded.Replay([.. lines, .. lines.Where(line => line[0] != '#')]).Mismatches);
    }

    private static readonly string[] OneCpu =
    [
        "# gicv3-its recording, grammar version 1",
        "# qemu: 11.1.3",
        "# cpus: 1",
        "W 0 dist 0x0 4 0x3",
        "W 0 icc PMR 8 0xf0",
        "W 0 icc IGRPEN1 8 0x1",
        "W 0 redist0 0x10080 4 0xffffffff",
        "W 0 redist0 0x10100 4 0x8000000",
        "L ppi 0 27 1",
        "I 0 1",
    ];

    /// <summary>QEMU does not drive the input of a CPU that it resets: the fall comes with what next looks at the CPU interface, or not at all.</summary>
    [Theory]
    [InlineData("K 0 off", "K 0 on", "W 0 icc PMR 8 0x0", "I 0 0")]
    [InlineData("K 0 on", "I 0 0", "W 0 icc PMR 8 0xf0")]
    [InlineData("K 0 on", "W 0 icc PMR 8 0xf0", "W 0 icc IGRPEN1 8 0x1", "A 0 27", "I 0 0")]
    [InlineData("Z", "R 0 dist 0x0 4 0x50", "W 0 dist 0x0 4 0x3", "I 0 0")]
    public void The_fall_of_a_line_by_a_reset_may_come_late(params string[] lines) => Assert.Equal(0, Recorded.Replay([.. OneCpu, .. lines]).Mismatches);

    /// <summary>But a line that rises after the reset has to be announced, and one that falls by anything else at once.</summary>
    [Theory]
    [InlineData("K 0 on", "I 0 0", "W 0 icc PMR 8 0xf0", "W 0 icc IGRPEN1 8 0x1", "R 0 dist 0x0 4 0x53")]
    [InlineData("W 0 icc IGRPEN1 8 0x0", "R 0 dist 0x0 4 0x53")]
    [InlineData("K 0 on", "W 0 icc PMR 8 0xf0", "W 0 icc IGRPEN1 8 0x1", "W 0 icc IGRPEN1 8 0x0")]
    public void Other_changes_may_not(params string[] lines) => Assert.Equal(1, Recorded.Replay([.. OneCpu, .. lines]).Mismatches);

    /// <summary>A guest clears its tables with stores that are not recorded: what was pending before the reset is not found in them.</summary>
    [Fact]
    public void Tables_are_empty_after_a_reset()
    {
        string[] lpis = ["W 0 dist 0x0 4 0x3", "W 0 icc PMR 8 0xf0", "W 0 redist0 0x70 8 0x4240000f", "W 0 redist0 0x78 8 0x42500000", "W 0 redist0 0x0 4 0x1", "P 8192 0xa3"];
        string[] its =
        [
            "W 0 its 0x100 8 0x8000000042100200",
            "W 0 its 0x108 8 0x8000000042200200",
            "W 0 its 0x80 8 0x8000000042000000",
            "W 0 its 0x0 4 0x1",
            "C 0800000000000000030000000000000000003042000000800000000000000000 0x0",
            "C 0900000000000000000000000000000000000000000000800000000000000000 0x20",
            "C 0a00000000000000000000000020000000000000000000000000000000000000 0x40",
            "W 0 its 0x88 8 0x60",
            "M 0x0 0x0",
            "W 0 icc IGRPEN1 8 0x1",
            "I 0 1",
            "W 0 icc IGRPEN1 8 0x0",
            "I 0 0",
        ];
        var result = Recorded.Replay([.. OneCpu[..3], .. lpis, .. its, "Z", .. lpis, "W 0 icc IGRPEN1 8 0x1", "A 0 1023"]);
        Assert.Null(result.Error);
        Assert.Equal(0, result.Mismatches);
    }
}
