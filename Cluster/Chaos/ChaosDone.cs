namespace Trapline.Cluster.Chaos;

/// <summary>What became of one action.</summary>
/// <param name="Action">As planned.</param>
/// <param name="Text">What was done, and to whom; or why it was not.</param>
/// <param name="AtPs">Where the run was last seen before it, picoseconds of the job's virtual time; negative where it was not done.</param>
/// <param name="LostPs">What had to be computed again: from the checkpoint that the next attempt began at; 0 where the attempt went on.</param>
/// <param name="Recovery">From the action until the run was seen to go on in another attempt; null where it went on in the same one.</param>
public sealed record ChaosDone(ChaosAction Action, string Text, long AtPs, long LostPs, TimeSpan? Recovery);
