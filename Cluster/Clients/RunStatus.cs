using Trapline.Cluster.Coordination;

namespace Trapline.Cluster.Clients;

/// <summary>A run as it is now.</summary>
/// <param name="Row">Epoch, holder, phase.</param>
/// <param name="Jobs">Its variants and seeds.</param>
/// <param name="Participants">Nodes that carry it out, with what they last said.</param>
public sealed record RunStatus(RunRow Row, IReadOnlyList<JobStatus> Jobs, IReadOnlyList<ParticipantStatus> Participants);
