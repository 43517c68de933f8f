namespace Trapline.Cluster.Coordination;

/// <summary>What a participant last said of its attempt.</summary>
/// <param name="Run">The run.</param>
/// <param name="Job">Number of the job in it.</param>
/// <param name="Attempt">Of the job, from 1.</param>
/// <param name="Member">Who says it.</param>
/// <param name="Content">Text that the engine does not look into; at most <see cref="CoordinationLimits.TextLength"/>.</param>
/// <param name="Age">How long ago it was said, by the engine's clock; not used when reporting.</param>
public sealed record ParticipantReport(long Run, int Job, int Attempt, long Member, string Content, TimeSpan Age = default);
