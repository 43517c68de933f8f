namespace Trapline.Cluster.Coordination;

/// <summary>In whose name a run is changed.</summary>
/// <param name="Run">The run.</param>
/// <param name="Epoch">In which the holder holds it.</param>
/// <param name="Holder">Member.</param>
public readonly record struct RunAuthority(long Run, long Epoch, long Holder);
