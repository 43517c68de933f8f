namespace Trapline.Cluster.Coordination;

/// <summary>One row of the log of commits. Taking a lease is one too.</summary>
/// <param name="Number">Of no other commit; within a run in the order of commits.</param>
/// <param name="Run">The run.</param>
/// <param name="Epoch">After it.</param>
/// <param name="Revision">After it.</param>
/// <param name="Holder">Who made it.</param>
/// <param name="What">One line.</param>
/// <param name="At">By the engine's clock.</param>
public sealed record CommitRecord(long Number, long Run, long Epoch, long Revision, long Holder, string What, DateTimeOffset At);
