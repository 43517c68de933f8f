namespace Trapline.Host.Seeds;

/// <summary>What one seed gave.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Digest">Of the run with all its variants; empty where it could not be carried out.</param>
/// <param name="EndReason">As in report.json; <c>error</c> where it could not be carried out.</param>
/// <param name="Failures">Empty if all went as expected.</param>
internal sealed record SeedRow(ulong Seed, string Digest, string EndReason, IReadOnlyList<SeedFailure> Failures);
