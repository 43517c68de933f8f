namespace Trapline.Cluster.Chaos;

/// <summary>What is done to a cluster on purpose. The words of a plan are these names in lower case.</summary>
public enum ChaosKind
{
    /// <summary>A node is killed, and started again under its name after a while.</summary>
    Kill,

    /// <summary>As <see cref="Kill"/>, of the node that holds the run.</summary>
    Holder,

    /// <summary>A node stands still for less than a lease: nobody may notice.</summary>
    Pause,

    /// <summary>A node stands still for longer than a lease, and comes back to find itself declared dead.</summary>
    Freeze,

    /// <summary>Two nodes hear nothing of each other; the database hears both.</summary>
    Cut,

    /// <summary>One node hears nothing of another, which hears it.</summary>
    Deaf,

    /// <summary>A group moves to another node.</summary>
    Move,

    /// <summary>The database is away for a while.</summary>
    Database,
}
