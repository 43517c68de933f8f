namespace Trapline.Cluster.Runs.Checkpoints;

/// <summary>The part <c>inputs</c>: with it a run is restored where its files are not.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Costs">The cost profile.</param>
/// <param name="Guest">The guest and what it includes, the guest first.</param>
internal sealed record InputsPart(InputFile Scenario, InputFile Costs, IReadOnlyList<InputFile> Guest)
{
    public IEnumerable<InputFile> All => [Scenario, Costs, .. Guest];
}
