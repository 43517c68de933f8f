namespace Trapline.Host.Seeds;

/// <summary>One variant over all seeds.</summary>
/// <param name="Name">As in report.json.</param>
/// <param name="Runs">Seeds under which it was run to its end.</param>
/// <param name="Digests">How many different ones it had.</param>
/// <param name="Failed">Seeds under which something failed in it.</param>
/// <param name="Measures">Its times.</param>
internal sealed record SeedVariant(string Name, int Runs, int Digests, int Failed, IReadOnlyList<SeedMeasure> Measures);
