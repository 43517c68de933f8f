namespace Trapline.Cluster.Coordination;

/// <summary>Something that a participant leaves for the holder or for those who come after. Its key is all but the content.</summary>
/// <param name="Run">The run.</param>
/// <param name="Job">Number of the job in it.</param>
/// <param name="Attempt">In which it was made.</param>
/// <param name="Kind"><c>part</c>, <c>result</c>, <c>act</c>.</param>
/// <param name="Member">Who made it.</param>
/// <param name="Number">Of several of a kind.</param>
/// <param name="Content">At most <see cref="CoordinationLimits.PayloadBytes"/>.</param>
public sealed record RunPayload(long Run, int Job, int Attempt, string Kind, long Member, long Number, byte[] Content);
