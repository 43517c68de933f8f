using System.Globalization;
using System.Text.RegularExpressions;
using Trapline.Cluster.Coordination;

namespace Trapline.Cluster.Chaos;

/// <summary>What must be true of the log of commits of every run, whatever was lost meanwhile.</summary>
public static partial class CommitLaws
{
    /// <summary>One line for each law that is broken, with the first commit that breaks it; empty if none is.</summary>
    /// <param name="log">In its order.</param>
    public static IReadOnlyList<string> Broken(IReadOnlyList<CommitRecord> log)
    {
        ArgumentNullException.ThrowIfNull(log);
        var broken = new List<string>();
        if (log.Zip(Enumerable.Range(1, log.Count)).FirstOrDefault(each => each.First.Revision != each.Second) is { First: { } gap } at)
        {
            broken.Add($"revisions have no gaps: commit {at.Second} is {gap}");
        }

        if (log.Zip(log.Skip(1)).FirstOrDefault(pair => pair.Second.Epoch < pair.First.Epoch || pair.Second.Number <= pair.First.Number) is { First: { } before, Second: { } after })
        {
            broken.Add($"epochs never fall: {before} is followed by {after}");
        }

        if (log.GroupBy(commit => commit.Epoch).FirstOrDefault(epoch => epoch.Select(commit => commit.Holder).Distinct().Count() > 1) is { } shared)
        {
            broken.Add($"an epoch has one holder: {string.Join("; ", shared)}");
        }

        var evicted = new HashSet<long>();
        foreach (var commit in log)
        {
            if (evicted.Contains(commit.Holder))
            {
                broken.Add($"who was evicted never commits: {commit}");
                break;
            }

            evicted.UnionWith(Lost().Matches(commit.What).Select(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)));
        }

        return broken;
    }

    [GeneratedRegex(@"\(member (\d+)\)")]
    private static partial Regex Lost();
}
