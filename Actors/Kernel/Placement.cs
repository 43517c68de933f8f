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

    /// <summary>As listed.</summary>
    /// <param name="nodeOfGroup">By group, from 0.</param>
    /// <param name="nodes">How many there are; one may have no group.</param>
    /// <exception cref="ArgumentException">A group is on a node that is none.</exception>
    public static Placement Of(IReadOnlyList<int> nodeOfGroup, int nodes)
    {
        ArgumentNullException.ThrowIfNull(nodeOfGroup);
        return nodeOfGroup.All(node => (uint)node < (uint)nodes)
            ? new Placement([.. nodeOfGroup], nodes)
            : throw new ArgumentException($"There are nodes 0 to {nodes - 1}; a group is on another.", nameof(nodeOfGroup));
    }

    /// <summary>How many groups there are.</summary>
    public int Groups => _nodeOfGroup.Length;

    public int NodeOf(int group) => _nodeOfGroup[group];
}
