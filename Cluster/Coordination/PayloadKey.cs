namespace Trapline.Cluster.Coordination;

/// <summary>Says that a payload is there, without its content.</summary>
/// <param name="Job">Number of the job.</param>
/// <param name="Attempt">In which it was made.</param>
/// <param name="Member">Who made it.</param>
/// <param name="Number">Of several of a kind.</param>
public sealed record PayloadKey(int Job, int Attempt, long Member, long Number);
