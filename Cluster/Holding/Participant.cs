using Trapline.Cluster.Plans;

namespace Trapline.Cluster.Holding;

/// <summary>What a member last said of the current attempt of a job.</summary>
/// <param name="Job">Its number.</param>
/// <param name="Member">Who.</param>
/// <param name="State">What.</param>
/// <param name="Age">How long ago.</param>
internal sealed record Participant(int Job, long Member, ParticipantState State, TimeSpan Age);
