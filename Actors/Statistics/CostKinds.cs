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
    internal static void Sync(StateSync sync, string part, long[] values)
    {
        sync.Begin(part);
        for (var i = 0; i < values.Length; i++)
        {
            sync.Row(Names[i], ref values[i]);
        }

        sync.End();
    }
}
