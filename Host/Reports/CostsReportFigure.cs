namespace Trapline.Host.Reports;

/// <summary>A published figure that costs are fitted to.</summary>
/// <param name="Name">The key in the profile.</param>
/// <param name="PublishedNs">As published.</param>
/// <param name="Machine">Keys of <c>machine</c> that make a variant this one.</param>
/// <param name="Source">Who published it.</param>
internal sealed record CostsReportFigure(string Name, decimal PublishedNs, string Machine, string Source);
