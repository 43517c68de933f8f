using Trapline.Devices.Arm.Profiles;
using Trapline.Machines.Recordings;
using Xunit;

namespace Trapline.Conformance.Tests;

/// <summary>Files that are no recordings of a GIC, or were: each is an error that names the line and what was expected.</summary>
public sealed class GicHostileRecordingTests
{
    private const int Seed = 20_261_122;

    /// <summary>Fields that are right somewhere: registers at the edges of the frames, widths, all bits, tables at the end of memory.</summary>
    private static readonly string[] Values =
    [
        "0", "1", "2", "3", "8", "16", "27", "32", "287", "1020", "1023", "8192", "65535", "0x0", "0x1", "0x3", "0x80", "0x88", "0x90", "0x100", "0x108", "0x70", "0x78", "0x200", "0x280",
        "0x300", "0x400", "0xfffc", "0x10040", "0x10100", "0x1fffc", "0x6000", "0xff", "0xffffffff", "0xffffffffffffffff", "0x8000000042180600", "0xc00000005fff0600", "0xb800000040000000",
        "0xb80000005ffff0ff", "0x5fffffff", "0x0000000042180000", "its", "dist", "redist0", "redist3", "icc", "PMR", "SGI1R", "CTLR", "AP1R0", "HPPIR1", "spi", "ppi", "Q", "P", "on", "W", "R", "Z", "K", "F",
    ];

    private static readonly string[] Good =
    [
        "# gicv3-its recording, grammar version 1 (see README.md)",
        "# run: test",
        "# qemu: 11.1.3",
        "# cpus: 2",
        "# cmdline: qemu-system-aarch64 -smp 2 -m 512 -machine virt",
        "# events: W=6 L=1 I=2 A=1 R=1 E=1",
        "W 0 dist 0x0 4 0x3",
        "W 1 icc PMR 8 0xf0",
        "# console: @@ begins",
        "W 1 icc IGRPEN1 8 0x1",
        "W 1 redist1 0x10080 4 0xffffffff",
        "W 0 redist1 0x10100 4 0x8000000",
        "L ppi 1 27 1",
        "I 1 1",
        "A 1 27",
        "I 1 0",
        "R 0 redist1 0x10300 4 0x8000000",
        "W 1 redist1 0x10180 4 0x8000000",
        "E 1 27",
    ];

    [Fact]
    public void The_good_one_is_good()
    {
        var result = Recorded.Replay(Good);
        Assert.Null(result.Error);
        Assert.Equal((12L, 8L, 4L, 0L), (result.Events, result.Inputs, result.Compared, result.Mismatches));
        Assert.Equal((1L, 1L, 2L), (result.Reads, result.Acknowledges, result.Levels));
    }

    /// <summary>One line replaced: number of the line from 1, what it becomes, part of the error, and the line that it names.</summary>
    [Theory]
    [InlineData(1, "# gicv3-its recording, grammar version 2", "grammar version '2', but only version 1", 1)]
    [InlineData(1, "# gicv3-its recording, grammar version", "should be '# recording NAME' or '# gicv3-its recording, grammar version 1'", 1)]
    [InlineData(1, "W 0 dist 0x0 4 0x3", "the file should begin with", 1)]
    [InlineData(3, "# qemu: 11.1.3\n# qemu: 11.1.3", "'# qemu:' is in the head already", 4)]
    [InlineData(4, "# cpus: 0", "1 to 512 CPUs", 4)]
    [InlineData(4, "# cpus: 513", "1 to 512 CPUs", 4)]
    [InlineData(4, "# cpus: many", "1 to 512 CPUs", 4)]
    [InlineData(5, "# cmdline: qemu -m 0", "'-m 0' should be memory", 5)]
    [InlineData(5, "# cmdline: qemu -m 5T", "'-m 5T' should be memory", 5)]
    [InlineData(5, "# cmdline: qemu -m G", "'-m G' should be memory", 5)]
    [InlineData(5, "# cmdline: qemu -smp 0", "'-smp 0' should name 1 to 512 CPUs", 5)]
    [InlineData(6, "# events: W=6 Q=1", "'Q=1' should be a letter of the grammar", 6)]
    [InlineData(6, "# events: W=6 W=6", "'W=6' should be a letter", 6)]
    [InlineData(6, "# events: W=7 L=1 I=2 A=1 R=1 E=1", "ends here with 6 lines 'W', but its head counts 7: it was truncated", 20)]
    [InlineData(6, "# events: W=6 L=1 I=2 A=1 R=1", "ends here with 1 lines 'E', but its head counts 0: it was added to", 20)]
    [InlineData(9, "# gicv3-its recording, grammar version 1", "another recording begins here", 9)]
    [InlineData(7, "", "the line is empty", 7)]
    [InlineData(7, "Q 0 dist 0x0 4 0x3", "an event's letter: one of W R A E D I L M C P F S K Z", 7)]
    [InlineData(7, "WW 0 dist 0x0 4 0x3", "an event's letter", 7)]
    [InlineData(7, " W 0 dist 0x0 4 0x3", "an event's letter", 7)]
    [InlineData(7, "W 2 dist 0x0 4 0x3", "'2' should be a CPU from 0 to 1", 7)]
    [InlineData(7, "W -1 dist 0x0 4 0x3", "should be a CPU from 0 to 1", 7)]
    [InlineData(7, "W 0 gicd 0x0 4 0x3", "should be dist, redistN, its or icc", 7)]
    [InlineData(7, "W 0 redist2 0x0 4 0x3", "'redist2' should be redist0 to redist1", 7)]
    [InlineData(7, "W 0 redist 0x0 4 0x3", "should be redist0 to redist1", 7)]
    [InlineData(7, "W 0 redist4294967296 0x0 4 0x3", "should be redist0 to redist1", 7)]
    [InlineData(7, "W 0 dist 0 4 0x3", "an offset, hexadecimal after 0x", 7)]
    [InlineData(7, "W 0 dist 0x10000 4 0x3", "4 bytes at 0x10000 are not in dist, which has 0x10000 bytes", 7)]
    [InlineData(7, "W 0 dist 0xfffe 4 0x3", "are not in dist", 7)]
    [InlineData(7, "W 0 redist0 0x20000 4 0x3", "are not in redist0", 7)]
    [InlineData(7, "W 0 its 0xffffffffffffffff 8 0x3", "are not in its", 7)]
    [InlineData(7, "W 0 dist 0x0 3 0x3", "an access of 3 bytes", 7)]
    [InlineData(7, "W 0 dist 0x0 16 0x3", "an access of 16 bytes: 1, 2, 4 or 8 was expected", 7)]
    [InlineData(7, "W 0 dist 0x0 2 0x10000", "does not fit 2 bytes", 7)]
    [InlineData(7, "W 0 dist 0x0 4 0x3 0", "is too much", 7)]
    [InlineData(7, "W 0 dist 0x0 4", "the line ends where a value was expected", 7)]
    [InlineData(7, "W 0 dist 0x0 4 0x3\r", "hexadecimal after 0x", 7)]
    [InlineData(8, "W 1 icc ICC_PMR 8 0xf0", "a register of the CPU interface without ICC_ and _EL1", 8)]
    [InlineData(8, "W 1 icc ICH_a 8 0xf0", "a register of the CPU interface", 8)]
    [InlineData(8, "W 1 icc PMR 4 0xf0", "8, the bytes of a system register", 8)]
    [InlineData(8, "W 1 icc IAR1 8 0xf0", "ICC_IAR1_EL1 cannot be written", 8)]
    [InlineData(8, "R 1 icc SGI1R 8 0xf0", "ICC_SGI1R_EL1 cannot be read", 8)]
    [InlineData(13, "L ppi 1 15 1", "a PPI's INTID from 16 to 31", 13)]
    [InlineData(13, "L spi 288 1", "an SPI's INTID from 32 to 287", 13)]
    [InlineData(13, "L lpi 8192 1", "should be spi or ppi", 13)]
    [InlineData(13, "L ppi 1 27 2", "a level, 0 or 1", 13)]
    [InlineData(14, "I 2 1", "a CPU from 0 to 1", 14)]
    [InlineData(15, "A 1 0x1b", "should be an INTID from 0 to 16777215", 15)]
    [InlineData(15, "A 1 16777216", "an INTID from 0 to 16777215", 15)]
    [InlineData(7, "M 0x100000000 0x0", "a DeviceID, at most 0xffffffff", 7)]
    [InlineData(7, "C 0900 0x0", "a command of 64 hexadecimal digits", 7)]
    [InlineData(7, "C 0900000000000000000000000000000000000000000000800000000000000g00 0x0", "a command of 64 hexadecimal digits", 7)]
    [InlineData(7, "C 0900000000000000000000000000000000000000000000800000000000000000 0x10", "a multiple of 32", 7)]
    [InlineData(7, "C 0900000000000000000000000000000000000000000000800000000000000000 0x100000", "an offset in the queue, at most 0xfffe0", 7)]
    [InlineData(7, "P 8191 0xa3", "an LPI's INTID from 8192 to 65535", 7)]
    [InlineData(7, "P 8192 0x1a3", "a property byte, at most 0xff", 7)]
    [InlineData(7, "F X 0x42190000 65536 0x00", "an area: Q, 0, 1, P or N", 7)]
    [InlineData(7, "F 0 0x42190000 16777217 0x00", "a number of bytes from 0 to 16777216", 7)]
    [InlineData(7, "F 0 0x10000000000000 1 0x00", "an address, at most 0xfffffffffffff", 7)]
    [InlineData(7, "S 0 0 0x42190000 5 0x0", "an access of 5 bytes", 7)]
    [InlineData(7, "K 1 away", "should be on or off", 7)]
    [InlineData(7, "Z 0", "is too much", 7)]
    public void A_wrong_line_is_named(int line, string text, string expected, int named)
    {
        var result = Recorded.Replay(new List<string>(Good) { [line - 1] = text });
        Assert.NotNull(result.Error);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Matches($":{named}: error: ", result.Error);
    }

    [Fact]
    public void Without_cpus_the_command_line_says_how_many()
    {
        Assert.Equal(2, Recorded.Replay(new List<string>(Good) { [3] = "# no cpus" }).Cpus);
        Assert.Contains(":7: error: the head should have '# cpus: N'", Recorded.Replay(new List<string>(Good) { [3] = "# no cpus", [4] = "# none" }).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_without_its_has_none() =>
        Assert.Contains(":7: error: the machine of the head has no ITS", Recorded.Replay(new List<string>(Good) { [4] = "# cmdline: q -machine virt,its=off -m 1G", [6] = "W 0 its 0x0 4 0x1" }).Error, StringComparison.Ordinal);

    /// <summary>All that QEMU's trace events can name of a CPU interface is either replayed or skipped, with a reason.</summary>
    [Theory]
    [InlineData("W 1 icc CTLR_EL3 8 0x4", "CTLR_EL3", "one security state")]
    [InlineData("R 1 icc IGRPEN1_EL3 8 0x1", "IGRPEN1_EL3", "one security state")]
    [InlineData("R 1 icc NMIAR1 8 0x3ff", "NMIAR1", "GICv3.3")]
    [InlineData("R 1 icc ICV_AP1R0 8 0x0", "ICV_AP1R0", "its own guests")]
    [InlineData("W 1 icc ICH_LR15_EL2 8 0x0", "ICH_LR15_EL2", "its own guests")]
    public void What_is_not_modelled_is_skipped_with_a_reason(string line, string register, string why)
    {
        List<string> lines = [.. Good[..5], .. Good[6..], line];
        var result = Recorded.Replay(lines);
        Assert.Null(result.Error);
        Assert.Equal((0L, 1L), (result.Mismatches, result.Skipped));
        var skipped = Assert.Single(result.SkippedEvents);
        Assert.Equal((register, 1L), (skipped.What, skipped.Events));
        Assert.Contains(why, skipped.Why, StringComparison.Ordinal);
    }

    /// <summary>What the recorder has no letter for is a comment, and a machine of many CPUs may begin with many.</summary>
    [Fact]
    public void Many_notes_may_stand_before_the_first_event()
    {
        var notes = Enumerable.Range(0, 512).Select(cpu => $"# qemu gicv3_cpuif_virt_set_maint_irq GICv3 CPU i/f 0x{cpu:x} virt HPPI update: setting maintenance-irq 0");
        Assert.Null(Recorded.Replay([.. Good[..6], .. notes, .. Good[6..]]).Error);
        var endless = Enumerable.Repeat("# nothing", RecordingLimits.GicHeadLines);
        Assert.Contains($"the head has more than {RecordingLimits.GicHeadLines} lines", Recorded.Replay([.. Good[..6], .. endless, .. Good[6..]]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_recorder_needs_a_profile_that_controllers_of_its_kind_have()
    {
        var unknown = new List<string>(Good) { [2] = "# qemu: 7.2.22" };
        Assert.Contains("'qemu 7.2.22', of which no profile is known; name one with --profile: kvm, qemu-11", Recorded.Replay(unknown).Error, StringComparison.Ordinal);
        Assert.Contains("no profile 'kvm-6.18'; they have kvm, qemu-11", Recorded.Replay(unknown, "kvm-6.18").Error, StringComparison.Ordinal);
        Assert.Null(Recorded.Replay(unknown, "qemu-11").Error);
    }

    [Fact]
    public void What_was_found_before_the_damage_is_kept()
    {
        var result = Recorded.Replay(new List<string>(Good) { [14] = "A 1 30", [18] = "E 1" });
        Assert.Contains(":19: error: the line ends where an INTID was expected", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.Mismatches);
        Assert.Equal(15, Assert.Single(result.FirstMismatches).Line);
    }

    [Fact]
    public void Guest_memory_that_is_kept_is_bounded()
    {
        var fills = Enumerable.Range(0, 9).Select(i => $"F Q 0x{0x4000_0000 + (i * RecordingLimits.FillBytes):x} {RecordingLimits.FillBytes} 0x01");
        var result = Recorded.Replay([.. Good[..5], .. fills]);
        Assert.Contains(":14: error: more than 128 MiB of guest memory have been written", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Fills_are_bounded()
    {
        var result = Recorded.Replay([.. Good[..5], .. Enumerable.Repeat($"F Q 0x40000000 {RecordingLimits.FillBytes} 0x00", 1025)]);
        Assert.Contains(":1030: error: more than 16 GiB have been filled", result.Error, StringComparison.Ordinal);
    }

    /// <summary>A queue full of one byte, executed several times over: INVALL, INT, MOVALL, nothing.</summary>
    [Theory]
    [InlineData("0x0d")]
    [InlineData("0x03")]
    [InlineData("0x0e")]
    [InlineData("0xff")]
    public void A_queue_of_garbage_ends(string value)
    {
        const int cpus = 4;
        List<string> lines = [.. Good[..3], $"# cpus: {cpus}", "# cmdline: q -m 1G"];
        lines.AddRange(["W 0 its 0x100 8 0x8000000042100200", "W 0 its 0x108 8 0x8000000042200200", "W 0 its 0x80 8 0x800000004300000f", $"F Q 0x43000000 65536 {value}", "W 0 its 0x0 4 0x1"]);
        for (var cpu = 0; cpu < cpus; cpu++)
        {
            lines.AddRange([$"W {cpu} redist{cpu} 0x70 8 0x4400000f", $"W {cpu} redist{cpu} 0x78 8 0x{0x4500_0000 + (cpu * 0x1_0000):x}", $"W {cpu} redist{cpu} 0x0 4 0x1"]);
        }

        lines.AddRange(["W 0 its 0x88 8 0xffe0", "R 0 its 0x90 8 0xffe0", "W 0 its 0x88 8 0x0", "R 0 its 0x90 8 0x0", "W 0 its 0x88 8 0xffe0", "R 0 its 0x90 8 0xffe0"]);
        foreach (var profile in GicProfiles.All)
        {
            var result = Recorded.Replay(lines, profile.Name);
            Assert.Null(result.Error);
            Assert.Equal(0, result.Mismatches);
        }
    }

    [Fact]
    public void A_compressed_file_that_was_cut_is_an_error()
    {
        var whole = File.ReadAllBytes(GicRecorded.PathOf("smp1"));
        for (var length = 0; length < whole.Length; length += length > whole.Length - 60 ? 1 : 97)
        {
            Assert.NotNull(Recorded.Replay(whole[..length]).Error);
        }
    }

    [Fact]
    public void A_file_that_was_cut_at_the_end_of_a_line_is_an_error()
    {
        var lines = Recorded.LinesOf(GicRecorded.PathOf("smp1"));
        for (var count = 9; count < lines.Count; count += 131)
        {
            Assert.Contains(": error: ", Recorded.Replay(lines[..count]).Error, StringComparison.Ordinal);
        }
    }

    /// <summary>Fields and lines changed, doubled, swapped and dropped at random, under each profile: an error with a line, or a result; never anything else.</summary>
    [Fact]
    public void Garbled_recordings_never_crash()
    {
        const int cases = 400;
        var random = new Random(Seed);
        var sources = new[] { "movpend4", "itspoke4", "poke4", "eoi4" }.Select(GicRecorded.Lines).ToArray();
        var errors = 0;
        for (var i = 0; i < cases; i++)
        {
            var source = sources[i % sources.Length];
            var start = random.Next(1_000, source.Count - 400);
            List<string> lines = [.. source.Take(1_000), .. source.Skip(start).Take(300)];
            for (var change = random.Next(1, 8); change > 0; change--)
            {
                Damage.Garble(lines, random, Values);
            }

            var result = Recorded.Replay(lines, GicProfiles.All[i % GicProfiles.All.Count].Name);
            errors += result.Error is null ? 0 : 1;
            Assert.True(result.Error is null || result.Error.Contains(": error: ", StringComparison.Ordinal));
        }

        Assert.InRange(errors, cases / 4, cases - 1);
    }

    /// <summary>Well-formed lines with wild values: registers, commands, tables and messages of which no guest would think.</summary>
    [Fact]
    public void Wild_recordings_never_crash()
    {
        const int cases = 60;
        var random = new Random(Seed);
        for (var i = 0; i < cases; i++)
        {
            List<string> lines = [.. Good[..3], "# cpus: 3", "# cmdline: q -m 64"];
            for (var line = 0; line < 400; line++)
            {
                lines.Add(WildLine(random));
            }

            var result = Recorded.Replay(lines, GicProfiles.All[i % GicProfiles.All.Count].Name);
            Assert.Null(result.Error);
            Assert.Equal(400, result.Events);
        }
    }

    private static string WildLine(Random random)
    {
        var cpu = random.Next(3);
        var verb = random.Next(2) == 0 ? 'R' : 'W';
        switch (random.Next(12))
        {
            case 0:
                return $"{verb} {cpu} its 0x{Pick(random, 0x0, 0x8, 0x80, 0x88, 0x90, 0x100, 0x108, 0x110, 0x10040):x} 8 0x{Wild(random):x}";
            case 1:
                return $"{verb} {cpu} redist{random.Next(3)} 0x{Pick(random, 0x0, 0x14, 0x70, 0x78, 0xA0, 0xB0, 0x10100, 0x10200, 0x10300):x} 4 0x{(uint)Wild(random):x}";
            case 2:
                return $"{verb} {cpu} dist 0x{(random.Next(0x10000) & ~7) | (random.Next(2) * 4):x} 4 0x{(uint)Wild(random):x}";
            case 3:
                return $"W {cpu} icc {(random.Next(2) == 0 ? "SGI1R" : "PMR")} 8 0x{Wild(random):x}";
            case 4:
                return $"C {random.Next(16):x2}{Convert.ToHexStringLower(Bytes(random, 31))} 0x{random.Next(128) * 32:x}";
            case 5:
                return $"W 0 its 0x88 4 0x{random.Next(140) * 32:x}";
            case 6:
                return $"M 0x{random.Next(4):x} 0x{random.Next(8):x}";
            case 7:
                return $"L spi {random.Next(32, 288)} {random.Next(2)}";
            case 8:
                return $"A {cpu} 1023";
            case 9:
                return $"E {cpu} {random.Next(9000)}";
            case 10:
                return random.Next(8) == 0 ? "Z" : $"K {cpu} on";
            default:
                return $"P {random.Next(8192, 8300)} 0x{random.Next(256):x}";
        }
    }

    private static int Pick(Random random, params int[] values) => values[random.Next(values.Length)];

    /// <summary>An address in memory or just beyond, with bits that mean something, or anything.</summary>
    private static ulong Wild(Random random) => random.Next(3) switch
    {
        0 => 0x8000_0000_4000_0000UL + (ulong)(random.Next(0x480) << 16) + (uint)random.Next(0x800),
        1 => (ulong)random.Next(16),
        _ => (ulong)random.NextInt64() << random.Next(2),
    };

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
        {
            bytes[i] = (byte)(random.Next(3) == 0 ? random.Next(256) : 0);
        }

        return bytes;
    }

    [Fact]
    public void Noise_after_the_head_never_crashes()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 200; i++)
        {
            var noise = new byte[random.Next(1, 4_000)];
            random.NextBytes(noise);
            byte[] file = [.. System.Text.Encoding.ASCII.GetBytes(string.Join('\n', Good[..5]) + "\n"), .. noise];
            Assert.NotNull(Recorded.Replay(file).Error);
            Assert.NotNull(Recorded.Replay(Damage.Compress(file)).Error);
        }
    }
}
