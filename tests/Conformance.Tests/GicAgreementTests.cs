using Xunit;

namespace Trapline.Conformance.Tests;

/// <summary>A GIC answers as the recorded machine's did; and a recording that was tampered with is told from a whole one.</summary>
public sealed class GicAgreementTests
{
    /// <summary>Alterations of each kind in each file.</summary>
    private const int Alterations = 3;

    public static TheoryData<string> Names => GicRecorded.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_answer_agrees(string name)
    {
        var result = Recorded.Replay(GicRecorded.PathOf(name));
        Assert.Null(result.Error);
        Assert.Equal("qemu-11", result.Profile);
        Assert.True(result.Mismatches == 0, string.Join('\n', result.FirstMismatches.Select(each => $"{each}; before {string.Join("; ", each.Before)}; state {string.Join(", ", each.State)}")));
        Assert.Equal(GicRecorded.All.Single(each => each.Name == name).Events, result.Events);
        Assert.Equal(result.Events, result.Inputs + result.Compared + result.Skipped);
        Assert.Equal(result.Compared, result.Reads + result.Acknowledges + result.Levels);
        Assert.Equal(result.Skipped, result.SkippedEvents.Sum(each => each.Events));
        Assert.All(result.SkippedEvents, each => Assert.StartsWith("ICH_", each.What, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_altered_read_is_reported_where_it_is(string name)
    {
        var lines = GicRecorded.Lines(name);
        foreach (var place in GicRecorded.Spread(lines, Alterations, (fields, _) => fields[0] == "R" && !fields[3].StartsWith("ICH_", StringComparison.Ordinal)))
        {
            var fields = lines[place].Split(' ');
            fields[5] = $"0x{Convert.ToUInt64(fields[5], 16) ^ 1:x}";
            var result = GicRecorded.With(lines, place, string.Join(' ', fields));
            Assert.Equal(1, result.Mismatches);
            Assert.Equal(place + 1, Assert.Single(result.FirstMismatches).Line);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_altered_acknowledge_is_reported_where_it_is(string name)
    {
        var lines = GicRecorded.Lines(name);
        foreach (var place in GicRecorded.Spread(lines, Alterations, (fields, _) => fields[0] == "A"))
        {
            var fields = lines[place].Split(' ');
            var result = GicRecorded.With(lines, place, $"A {fields[1]} {(fields[2] == "1023" ? "27" : "1023")}");
            Assert.Equal(1, result.Mismatches);
            Assert.Equal(place + 1, Assert.Single(result.FirstMismatches).Line);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_altered_level_is_reported_where_it_is(string name)
    {
        var lines = GicRecorded.Lines(name);
        foreach (var place in GicRecorded.Spread(lines, Alterations, (fields, _) => fields[0] == "I"))
        {
            var fields = lines[place].Split(' ');
            var result = GicRecorded.With(lines, place, $"I {fields[1]} {(fields[2] == "1" ? 0 : 1)}");
            Assert.Equal(1, result.Mismatches);
            Assert.Equal(place + 1, Assert.Single(result.FirstMismatches).Line);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_missing_level_is_reported_at_its_cause(string name)
    {
        var lines = GicRecorded.Lines(name);
        foreach (var place in GicRecorded.Spread(lines, 1, (fields, i) => fields[0] == "I" && lines[i - 1][0] is not ('I' or '#')))
        {
            var result = GicRecorded.Without(lines, place);
            Assert.Equal(1, result.Mismatches);
            Assert.Equal(place, Assert.Single(result.FirstMismatches).Line);
        }
    }
}
