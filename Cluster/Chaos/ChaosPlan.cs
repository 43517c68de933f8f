using System.Globalization;
using Trapline.Machines.Text;
using Trapline.Messages;

namespace Trapline.Cluster.Chaos;

/// <summary>
/// What is to be done to a cluster while a run goes on: <c>kill:2,cut:1,move:3@7</c> is two kills, a cut and three moves, at points that seed 7
/// chooses. The same text gives the same actions, always; what the run finds must not depend on them at all.
/// </summary>
public sealed record ChaosPlan
{
    /// <summary>Of one kind. More would only prolong the run: each loss throws work away.</summary>
    public const int MostOfAKind = 100;

    /// <summary>Nothing is done before the run is well under way, nor so late that it would be over before anybody looks.</summary>
    private const int FirstPermille = 50, LastPermille = 800;

    private static readonly string[] Words = [.. Enum.GetNames<ChaosKind>().Select(name => name.ToLowerInvariant())];

    private ChaosPlan(ulong seed, IReadOnlyList<(ChaosKind Kind, int Count)> counts)
    {
        Seed = seed;
        Counts = counts;
    }

    public ulong Seed { get; }

    /// <summary>How often which, in the order of the text.</summary>
    public IReadOnlyList<(ChaosKind Kind, int Count)> Counts { get; }

    /// <summary>Null where the text is no plan; <paramref name="problem"/> says why and what to write.</summary>
    public static ChaosPlan? Parse(string text, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('@');
        var seed = 1UL;
        if (parts.Length > 2 || (parts.Length == 2 && !ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out seed)))
        {
            problem = $"{Quoted.Show(text)} must end with one seed, a whole number from 0: kill:2,cut:1@7";
            return null;
        }

        var counts = new List<(ChaosKind, int)>();
        foreach (var entry in parts[0].Split(','))
        {
            var halves = entry.Split(':');
            var count = 1;
            if (Array.IndexOf(Words, halves[0]) is var kind && kind < 0)
            {
                problem = $"{Quoted.Show(halves[0])} is nothing that can be done{Quoted.Suggest(halves[0], Words)}; there are {string.Join(", ", Words)}";
                return null;
            }

            if (halves.Length > 2 || (halves.Length == 2 && !int.TryParse(halves[1], NumberStyles.None, CultureInfo.InvariantCulture, out count)) || count is < 1 or > MostOfAKind)
            {
                problem = $"{Quoted.Show(entry)}: behind the colon is how often, 1 to {MostOfAKind}";
                return null;
            }

            if (counts.Any(each => each.Item1 == (ChaosKind)kind))
            {
                problem = $"{Quoted.Show(halves[0])} is there twice; write one count";
                return null;
            }

            counts.Add(((ChaosKind)kind, count));
        }

        problem = "";
        return new ChaosPlan(seed, counts);
    }

    /// <summary>In the order in which they are done.</summary>
    /// <param name="nodes">Of the cluster, 2 or more: alone a node has nobody to be cut off from.</param>
    public IReadOnlyList<ChaosAction> Actions(int nodes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 2);
        return [.. Counts.SelectMany(each => Enumerable.Range(0, each.Count), (each, number) => Draw(each.Kind, number, nodes)).OrderBy(action => action.AtPermille).ThenBy(action => action.Kind)];
    }

    public override string ToString() => $"{string.Join(',', Counts.Select(each => $"{Words[(int)each.Kind]}:{each.Count}"))}@{Seed}";

    /// <summary>Keyed by kind and number: one more cut does not shift the kills.</summary>
    private ChaosAction Draw(ChaosKind kind, int number, int nodes)
    {
        var n = 0UL;
        int Below(int bound) => (int)CounterRandom.DrawBelow((ulong)bound, Seed, new ActorAddress((uint)kind << 16 | (uint)number), RandomPurpose.Synthetic, n++);
        var at = FirstPermille + Below(LastPermille - FirstPermille);
        var victim = Below(nodes);
        var other = (victim + 1 + Below(nodes - 1)) % nodes;
        return new ChaosAction(kind, at, victim, other, Below(1000));
    }
}
