namespace Trapline.Actors.Kernel;

/// <summary>Which node holds which group. It decides how fast a run is, never what it finds.</summary>
public sealed class Placement
{
    private readonly int[] _nodeOfGroup;

    private Placement(int[] nodeOfGroup, int nodes)
    {
        _nodeOfGroup = nodeOfGroup;
        Nodes = nodes;
    }

    public int Nodes { get; }

    public static Placement OneNode(int groups) => new(new int[groups], 1);

    /// <summary>Equal blocks of neighbouring groups: CPUs that are near one another talk more.</summary>
    public static Placement Blocks(int groups, int nodes)
    {
        var nodeOfGroup = new int[groups];
        for (var group = 0; group < groups; group++)
        {
            nodeOfGroup[group] = (int)((long)group * nodes / groups);
        }

        return new Placement(nodeOfGroup, nodes);
    }

    /// <param name="nodeOfGroup">The node of each group, in the plan's order.</param>
    /// <param name="nodes">How many nodes there are; one may hold no group.</param>
    public static Placement Of(IReadOnlyList<int> nodeOfGroup, int nodes)
    {
        ArgumentNullException.ThrowIfNull(nodeOfGroup);
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        return nodeOfGroup.All(node => (uint)node < (uint)nodes)
            ? new Placement([.. nodeOfGroup], nodes)
            : throw new ArgumentOutOfRangeException(nameof(nodeOfGroup), $"a group is on node {nodeOfGroup.First(node => (uint)node >= (uint)nodes)}, but there are {nodes} nodes");
    }

    /// <summary>The node of each group, in the plan's order.</summary>
    public IReadOnlyList<int> NodeOfGroup => _nodeOfGroup;

    /// <summary>How many groups there are.</summary>
    public int Groups => _nodeOfGroup.Length;

    public int NodeOf(int group) => _nodeOfGroup[group];
}
