using Trapline.Machines.Replay;
using Xunit;

namespace Trapline.Conformance.Tests;

/// <summary>The recordings of GICv3 and ITS, whole or altered.</summary>
internal static class GicRecorded
{
    /// <summary>Name and number of events, as recordings/gicv3-its/README.md counts them.</summary>
    public static readonly (string Name, long Events)[] All =
    [
        ("smp1", 3323),
        ("smp4", 39652),
        ("smp16", 263648),
        ("io4", 37539),
        ("aff4", 47044),
        ("flip4", 46079),
        ("movpend4", 48975),
        ("sgi4", 47118),
        ("spi4", 38599),
        ("many", 23032),
        ("eoi4", 64488),
        ("poke4", 150039),
        ("itspoke4", 200772),
    ];

    public static TheoryData<string> Names => [.. All.Select(each => each.Name)];

    public static string PathOf(string name) => Recorded.PathInTree("recordings", "gicv3-its", name + ".trace.gz");

    /// <summary>Without the counts in the head: an altered recording is to be found by what it does.</summary>
    public static List<string> Lines(string name) =>
        [.. Recorded.LinesOf(PathOf(name)).Select(line => line.StartsWith("# events:", StringComparison.Ordinal) ? "# events not counted" : line)];

    /// <summary>Some places where lines are as wanted, spread evenly over the recording but for its last part, where there may be nothing left that shows.</summary>
    public static List<int> Spread(List<string> lines, int places, Func<string[], int, bool> wanted)
    {
        const int shown = 95;
        var all = Enumerable.Range(0, lines.Count * shown / 100).Where(i => lines[i][0] != '#' && wanted(lines[i].Split(' '), i)).ToList();
        Assert.NotEmpty(all);
        return [.. Enumerable.Range(0, places).Select(i => all[(int)((i + 0.5) * all.Count / places)]).Distinct()];
    }

    public static ReplayFile With(List<string> lines, int place, string line) => Recorded.Replay(new List<string>(lines) { [place] = line });

    public static ReplayFile Without(List<string> lines, int place)
    {
        var shorter = new List<string>(lines);
        shorter.RemoveAt(place);
        return Recorded.Replay(shorter);
    }
}
