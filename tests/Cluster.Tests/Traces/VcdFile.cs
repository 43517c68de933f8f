using System.Text.RegularExpressions;
using Xunit;

namespace Trapline.Cluster.Tests.Traces;

/// <summary>A value change dump, read strictly after IEEE 1364-2001, clause 18: scalars only, which is all that lines need.</summary>
internal sealed partial class VcdFile
{
    private readonly Dictionary<string, string> _names = [];
    private readonly Dictionary<string, char> _levels = [];

    public VcdFile(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var lines = new Queue<string>(text.Split('\n')[..^1]);
        ReadHeader(lines);
        ReadChanges(lines);
    }

    /// <summary>Last level of each variable, by its full name.</summary>
    public IReadOnlyDictionary<string, char> Levels => _levels.ToDictionary(level => _names[level.Key], level => level.Value);

    /// <summary>All changes after the first levels, in order.</summary>
    public List<(long At, string Name, char Level)> Changes { get; } = [];

    /// <summary>The last time in the file.</summary>
    public long End { get; private set; } = -1;

    private void ReadHeader(Queue<string> lines)
    {
        var scopes = new List<string>();
        while (true)
        {
            var words = lines.Dequeue().Split(' ');
            Assert.Equal("$end", words[^1]);
            switch (words[0])
            {
                case "$version" or "$comment":
                    break;
                case "$timescale":
                    Assert.Equal(["1", "ps"], words[1..^1]);
                    break;
                case "$scope":
                    Assert.Equal("module", words[1]);
                    Assert.Matches(Identifier(), words[2]);
                    scopes.Add(words[2]);
                    break;
                case "$upscope":
                    scopes.RemoveAt(scopes.Count - 1);
                    break;
                case "$var":
                    Assert.Equal(["wire", "1"], words[1..3]);
                    Assert.Matches(Code(), words[3]);
                    Assert.Matches(Identifier(), words[4]);
                    var name = string.Join('.', [.. scopes, words[4]]);
                    Assert.DoesNotContain(name, _names.Values);
                    Assert.True(_names.TryAdd(words[3], name), $"the code {words[3]} has two variables");
                    break;
                case "$enddefinitions":
                    Assert.Empty(scopes);
                    return;
                default:
                    throw new InvalidDataException($"'{words[0]}' in the header");
            }
        }
    }

    private void ReadChanges(Queue<string> lines)
    {
        var dumping = false;
        while (lines.TryDequeue(out var line))
        {
            if (line[0] == '#')
            {
                var time = long.Parse(line.AsSpan(1));
                Assert.True(time > End || (time == End && lines.Count == 0) || _levels.Count > 0 && time >= End, $"time {time} after {End}");
                End = time;
            }
            else if (line is "$dumpvars")
            {
                Assert.Equal(0, End);
                dumping = true;
            }
            else if (line is "$end")
            {
                Assert.True(dumping);
                dumping = false;
                Assert.Equal(_names.Keys.Order(StringComparer.Ordinal), _levels.Keys.Order(StringComparer.Ordinal));
            }
            else
            {
                Change(line[0], line[1..], dumping);
            }
        }
    }

    private void Change(char level, string code, bool dumping)
    {
        Assert.Contains(level, "01x");
        Assert.True(End >= 0, "a change before the first time");
        var name = _names[code];
        if (dumping)
        {
            Assert.True(_levels.TryAdd(code, level));
            return;
        }

        Assert.True(_levels[code] != level, $"{name} changes to {level} at {End}, which it is");
        _levels[code] = level;
        Changes.Add((End, name, level));
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex Identifier();

    [GeneratedRegex("^[!-~]+$")]
    private static partial Regex Code();
}
