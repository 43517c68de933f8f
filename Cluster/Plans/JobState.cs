namespace Trapline.Cluster.Plans;

/// <summary>Written by name.</summary>
internal enum JobState
{
    /// <summary>It waits for nodes.</summary>
    Waiting,

    /// <summary>An attempt is under way.</summary>
    Running,

    /// <summary>Its results are there.</summary>
    Done,

    /// <summary>It could not be carried out.</summary>
    Failed,
}
