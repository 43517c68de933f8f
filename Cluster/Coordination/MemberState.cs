namespace Trapline.Cluster.Coordination;

/// <summary>Numbers are part of the schema.</summary>
public enum MemberState
{
    Alive = 0,

    /// <summary>It went of its own will.</summary>
    Left = 1,

    /// <summary>It was declared dead; if its process lives it has to join anew.</summary>
    Dead = 2,
}
