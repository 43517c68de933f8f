namespace Trapline.Cluster.Attempts;

/// <summary>
/// What a node says with each window beside its times. All nodes see the flags of all at the same window, so what follows from
/// them they do at the same window, and no vote is needed.
/// </summary>
[Flags]
internal enum WindowFlags : uint
{
    None = 0,

    /// <summary>This node has a command; the nodes exchange commands next.</summary>
    Command = 1,

    /// <summary>The state is to be cut at this window.</summary>
    Cut = 2,

    /// <summary>Somebody here asked for the end of the run: from there on its state is not whole, and nothing is cut or moved.</summary>
    Ending = 4,

    /// <summary>Nothing is to be run until a window without this.</summary>
    Pause = 8,
}
