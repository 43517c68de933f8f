namespace Trapline.Cluster.Coordination;

/// <summary>Numbers are part of the schema.</summary>
public enum RunPhase
{
    /// <summary>Waiting or running.</summary>
    Open = 0,

    /// <summary>All of it was done.</summary>
    Done = 1,

    /// <summary>It could not be carried out.</summary>
    Failed = 2,

    /// <summary>A person stopped it; what was done is kept.</summary>
    Stopped = 3,
}
