namespace Trapline.Cluster.Runs;

/// <summary>Whose fault it is that a run could not be carried out.</summary>
public enum RunFailure
{
    /// <summary>Wrong usage or input: the guest does not assemble, a window is too long, a journal belongs to another scenario.</summary>
    Input,

    /// <summary>A limit was reached or a rule of the kernel broken.</summary>
    Simulation,

    /// <summary>A peer, a port, a disk.</summary>
    Environment,
}
