namespace Trapline.Cluster.Plans;

/// <summary>Written by name.</summary>
internal enum ParticipantPhase
{
    /// <summary>It loads the run and waits for its peers.</summary>
    Joining,

    Running,

    /// <summary>It has left its results.</summary>
    Finished,

    /// <summary>It lost a peer.</summary>
    Broken,

    /// <summary>Something is wrong here, not at a peer: a checkpoint cannot be read, memory is out.</summary>
    Unable,

    /// <summary>The run itself cannot go on: every attempt would come to the same.</summary>
    Failed,
}
