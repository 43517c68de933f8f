namespace Trapline.Host.Reports;

/// <summary>A class of paths between groups.</summary>
internal sealed record CostsReportPath(string Name, decimal LatencyNs, decimal JitterNs, string Basis, string Source);
