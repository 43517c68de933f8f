using Xunit;

namespace Trapline.Conformance.Tests;

/// <summary>The devices answer as the recorded machine did; and a recording that was tampered with is told from a whole one.</summary>
public sealed class AgreementTests
{
    /// <summary>Alterations of each kind in each file, spread over it.</summary>
    private const int Alterations = 12;

    public static TheoryData<string> Names => Recorded.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_answer_agrees(string name)
    {
        var result = Recorded.Replay(Recorded.PathOf(name));
        Assert.Null(result.Error);
        Assert.Equal("qemu-11", result.Profile);
        Assert.True(result.Mismatches == 0, string.Join('\n', result.FirstMismatches.Select(each => $"{each}; before {string.Join("; ", each.Before)}; state {string.Join(", ", each.State)}")));
        Assert.Equal(0, result.Skipped);
        Assert.Equal(Recorded.All.Single(each => each.Name == name).Events, result.Events);
        Assert.Equal(result.Events, result.Inputs + result.Compared);
        Assert.False(result.Cut);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_altered_read_is_reported_where_it_is(string name)
    {
        var lines = Recorded.Lines(name);
        foreach (var place in Spread(lines, line => line.StartsWith("R ", StringComparison.Ordinal)))
        {
            var fields = lines[place].Split(' ');
            var altered = new List<string>(lines) { [place] = string.Join(' ', [.. fields[..5], $"0x{Convert.ToUInt64(fields[5], 16) ^ 1:x}"]) };
            var result = Recorded.Replay(altered);
            Assert.Equal(1, result.Mismatches);
            Assert.Equal(place + 1, Assert.Single(result.FirstMismatches).Line);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_altered_interrupt_is_reported_where_it_is(string name)
    {
        var lines = Recorded.Lines(name);
        foreach (var place in Spread(lines, line => line.StartsWith("I ", StringComparison.Ordinal)))
        {
            // Another line than those that are high, and one that is enabled.
            var fields = lines[place].Split(' ');
            var line = Convert.ToUInt64(fields[3], 16) == 0x8 ? 12 : 3;
            var altered = new List<string>(lines) { [place] = $"I {fields[1]} {line} 0x{1 << line:x} 0x{Convert.ToUInt64(fields[4], 16) | (1UL << line):x}" };
            var result = Recorded.Replay(altered);
            Assert.Equal(1, result.Mismatches);
            Assert.Equal(place + 1, Assert.Single(result.FirstMismatches).Line);
        }
    }

    /// <summary>Inputs that moved something: the recording has the effect on the next line.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_missing_input_is_reported(string name)
    {
        var lines = Recorded.Lines(name);
        foreach (var place in Spread(lines, (line, next) => line[0] is 'W' or 'L' or 'l' or 'M' && next[0] is 'X' or 'x' or 'O' or 'w' && !next.Contains(" 11 ", StringComparison.Ordinal)))
        {
            var shorter = new List<string>(lines);
            shorter.RemoveAt(place);
            Assert.NotEqual(0, Recorded.Replay(shorter).Mismatches);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_missing_effect_is_reported(string name)
    {
        var lines = Recorded.Lines(name);
        foreach (var place in Spread(lines, line => line[0] is 'X' or 'x' or 'O' or 'o' or 'w' or 'r' && !line.Contains(" 11 ", StringComparison.Ordinal)))
        {
            var shorter = new List<string>(lines);
            shorter.RemoveAt(place);
            Assert.NotEqual(0, Recorded.Replay(shorter).Mismatches);
        }
    }

    private static List<int> Spread(List<string> lines, Func<string, bool> wanted) => Spread(lines, (line, _) => wanted(line));

    private static List<int> Spread(List<string> lines, Func<string, string, bool> wanted)
    {
        var places = Enumerable.Range(0, lines.Count - 1).Where(i => wanted(lines[i], lines[i + 1])).ToList();
        Assert.NotEmpty(places);
        return [.. Enumerable.Range(0, Alterations).Select(i => places[(int)((i + 0.5) * places.Count / Alterations)]).Distinct()];
    }
}
