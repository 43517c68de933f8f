using Trapline.Messages.State;

namespace Trapline.Actors.Statistics;

/// <summary>Names of <see cref="CostKind"/>: costs as a profile writes them.</summary>
public static class CostKinds
{
    public static IReadOnlyList<CostKind> All { get; } = Enum.GetValues<CostKind>();

    private static readonly string[] Names = [.. All.Select(kind => kind.ToString()).Select(name => char.ToLowerInvariant(name[0]) + name[1..])];

    public static int Count => Names.Length;

    public static string NameOf(CostKind kind) => Names[(int)kind];

    /// <summary>True if a profile has a price for it.</summary>
    public static bool IsCost(CostKind kind) => kind < CostKind.Work;

    public static CostKind? Find(string name)
    {
        var index = Array.IndexOf(Names, name);
        return index < 0 ? null : (CostKind)index;
    }

    /// <summary>One row for each kind, named after it.</summary>
    /// <param name="sync">The pass.</param>
    /// <param name="part">What the values are.</param>
    /// <param name="values">One of each kind.</param>
    /// <param name="spansHosts">There is travel between hosts; without, it has no row, and runs on one host keep their digests.</param>
    internal static void Sync(StateSync sync, string part, long[] values, bool spansHosts)
    {
        sync.Begin(part);
        for (var i = 0; i < values.Length; i++)
        {
            if (spansHosts || i != (int)CostKind.InterHostTravel)
            {
                sync.Row(Names[i], ref values[i]);
            }
        }

        sync.End();
    }
}
