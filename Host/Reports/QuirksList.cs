namespace Trapline.Host.Reports;

/// <summary>What <c>quirks --json</c> prints.</summary>
internal sealed record QuirksList(IReadOnlyList<QuirkRow> Quirks);
