namespace Trapline.Cluster.Chaos;

/// <summary>One thing that is done to a cluster. Numbers of nodes count those that are there, in the order of their names.</summary>
/// <param name="Kind">What.</param>
/// <param name="AtPermille">Of the run's virtual length: done once the run was seen there.</param>
/// <param name="Victim">The node it is done to; of a move the one that gets the group.</param>
/// <param name="Other">The other end of a link: never the victim.</param>
/// <param name="Share">Uniform in [0, 1000): how long it lasts within its bounds, and of a move which group goes.</param>
public sealed record ChaosAction(ChaosKind Kind, int AtPermille, int Victim, int Other, int Share);
