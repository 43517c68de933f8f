namespace Trapline.Host.Reports;

/// <summary>What <c>costs list --json</c> prints.</summary>
internal sealed record CostsList(IReadOnlyList<CostsListRow> Profiles);
