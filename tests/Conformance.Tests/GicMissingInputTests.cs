using Xunit;

namespace Trapline.Conformance.Tests;

/// <summary>An input that did something is missed when it is not there.</summary>
public sealed class GicMissingInputTests
{
    private const int Samples = 3;

    [Theory]
    [InlineData("smp1")]
    [InlineData("smp4")]
    [InlineData("spi4")]
    public void A_wire(string name) => AreMissed(name, (lines, fields, i) => fields[0] == "L" && Raises(lines, i));

    [Fact]
    public void The_wire_of_an_spi() => AreMissed("spi4", (lines, fields, i) => fields[0] == "L" && fields[1] == "spi" && Raises(lines, i));

    [Theory]
    [InlineData("io4")]
    [InlineData("flip4")]
    [InlineData("many")]
    public void A_message(string name) => AreMissed(name, (lines, fields, i) => fields[0] == "M" && Raises(lines, i));

    [Theory]
    [InlineData("sgi4")]
    [InlineData("eoi4")]
    public void An_end_of_interrupt(string name) => AreMissed(name, (_, fields, _) => fields[0] == "E");

    [Fact]
    public void A_deactivation() => AreMissed("eoi4", (_, fields, _) => fields[0] == "D");

    [Theory]
    [InlineData("smp1")]
    [InlineData("io4")]
    public void An_acknowledge(string name) => AreMissed(name, (_, fields, _) => fields[0] == "A");

    [Theory]
    [InlineData("sgi4")]
    [InlineData("smp4")]
    public void A_write_that_sends_an_sgi(string name) => AreMissed(name, (lines, fields, i) => fields[0] == "W" && fields[3] == "SGI1R" && Raises(lines, i));

    /// <summary>CBASER, BASER and CTLR as they are set up last.</summary>
    [Theory]
    [InlineData("0x80")]
    [InlineData("0x100")]
    [InlineData("0x108")]
    [InlineData("0x0")]
    public void A_write_that_sets_up_the_its(string offset) =>
        AreMissed("io4", (lines, fields, i) => fields[0] == "W" && fields[2] == "its" && fields[3] == offset && lines.FindLastIndex(line => line.StartsWith($"W 0 its {offset} ", StringComparison.Ordinal)) == i, 1);

    [Theory]
    [InlineData("smp1")]
    [InlineData("aff4")]
    [InlineData("movpend4")]
    public void A_write_that_publishes_commands(string name) =>
        AreMissed(name, (_, fields, _) => fields[0] == "W" && fields[2] == "its" && fields[3] == "0x88" && fields[5] != "0x0");

    [Theory]
    [InlineData("0x70")]
    [InlineData("0x78")]
    [InlineData("0x0")]
    public void A_write_to_the_redistributor_that_sets_up_lpis(string offset) =>
        AreMissed("io4", (_, fields, _) => fields[0] == "W" && fields[2].StartsWith("redist", StringComparison.Ordinal) && fields[3] == offset, 4);

    /// <summary>MAPTI of an event that is raised later.</summary>
    [Fact]
    public void A_command_that_maps_an_event() => AreMissed(
        "io4",
        (lines, fields, i) => fields[0] == "C" && Opcode(fields) == 0x0A && IsRaisedLater(lines, i, $"M 0x{Word(fields, 4):x} 0x{Word(fields, 8):x}"));

    [Fact]
    public void A_command_that_moves_an_event() => AreMissed("movpend4", (lines, fields, i) => fields[0] == "C" && Opcode(fields) == 0x01 && RaisesOfQueue(lines, i));

    [Fact]
    public void A_command_that_raises_an_event() => AreMissed("itspoke4", (lines, fields, i) => fields[0] == "C" && Opcode(fields) == 0x03 && RaisesOfQueue(lines, i));

    /// <summary>The byte that enables an LPI which is taken later.</summary>
    [Fact]
    public void A_property_byte() => AreMissed(
        "io4",
        (lines, fields, i) => fields[0] == "P" && (Convert.ToUInt32(fields[2], 16) & 1) != 0 && lines.FindIndex(i, line => line[0] == 'A' && line.EndsWith($" {fields[1]}", StringComparison.Ordinal)) > 0);

    /// <summary>A CPU that comes back finds its CPU interface reset; at the first start there is nothing to reset.</summary>
    [Fact]
    public void A_reset_of_a_cpu() => AreMissed(
        "eoi4",
        (lines, fields, i) => fields[0] == "K" && fields[2] == "on" && lines.FindIndex(0, i, line => line == $"K {fields[1]} off") > 0);

    /// <summary>
    /// Inputs drawn at random from all that always show: an end, a deactivation, an acknowledge, an SGI, a message, a wire. Among some ten thousand draws those that did
    /// not show were wires that came back before anyone looked, and messages of an LPI that was pending: without them nothing is different.
    /// </summary>
    [Theory]
    [InlineData("smp1")]
    [InlineData("smp4")]
    [InlineData("io4")]
    [InlineData("aff4")]
    [InlineData("flip4")]
    [InlineData("movpend4")]
    [InlineData("sgi4")]
    [InlineData("spi4")]
    [InlineData("many")]
    [InlineData("eoi4")]
    public void What_is_drawn(string name)
    {
        const int draws = 3;
        var random = new Random(20_261_122);
        var lines = GicRecorded.Lines(name);
        for (var draw = 0; draw < draws;)
        {
            var place = random.Next(lines.Count);
            if (lines[place][0] is 'E' or 'D' or 'A' or 'M' or 'L' || lines[place].Contains(" SGI1R ", StringComparison.Ordinal))
            {
                Assert.True(GicRecorded.Without(lines, place).Mismatches > 0, $"{name}:{place + 1}: {lines[place]}: nothing is missed without it");
                draw++;
            }
        }
    }

    private static void AreMissed(string name, Func<List<string>, string[], int, bool> wanted, int samples = Samples)
    {
        var lines = GicRecorded.Lines(name);
        foreach (var place in GicRecorded.Spread(lines, samples, (fields, i) => wanted(lines, fields, i)))
        {
            var result = GicRecorded.Without(lines, place);
            Assert.Null(result.Error);
            Assert.True(result.Mismatches > 0, $"{name}:{place + 1}: {lines[place]}: nothing is missed without it");
        }
    }

    /// <summary>The line of a CPU rises by it.</summary>
    private static bool Raises(List<string> lines, int place) => lines[place + 1].StartsWith("I ", StringComparison.Ordinal) && lines[place + 1].EndsWith(" 1", StringComparison.Ordinal);

    /// <summary>It is alone in the queue, and a CPU's line rises when it is executed.</summary>
    private static bool RaisesOfQueue(List<string> lines, int place)
    {
        var run = lines.FindIndex(place, line => line.Contains(" its 0x88 ", StringComparison.Ordinal) && line[0] == 'W');
        return run > 0 && run - place < 4 && Raises(lines, run);
    }

    private static bool IsRaisedLater(List<string> lines, int place, string message) => lines.IndexOf(message, place) > 0;

    private static byte Opcode(string[] command) => Convert.ToByte(command[1][..2], 16);

    /// <summary>Four bytes of a command, little-endian.</summary>
    private static uint Word(string[] command, int offset) => BitConverter.ToUInt32(Convert.FromHexString(command[1]), offset);
}
