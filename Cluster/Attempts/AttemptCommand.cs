using Trapline.Cluster.Runs.Acts;

namespace Trapline.Cluster.Attempts;

/// <summary>Something that all nodes of an attempt do at the same window. One of the three is there.</summary>
/// <param name="Request">The question that it answers; 0 for none.</param>
/// <param name="Act">What a person does to the simulation.</param>
/// <param name="Move">Groups that go to other nodes.</param>
/// <param name="Rebalance">Groups go where measured load and traffic say.</param>
internal sealed record AttemptCommand(long Request, JournalEntry? Act = null, GroupMove? Move = null, bool Rebalance = false);
