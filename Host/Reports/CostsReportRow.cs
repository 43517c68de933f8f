namespace Trapline.Host.Reports;

/// <summary>A cost in nanoseconds, or a factor without a unit.</summary>
/// <param name="Name">The key in the profile.</param>
/// <param name="Symbol">In formulas.</param>
/// <param name="Value">What simulations use.</param>
/// <param name="Low">Of its range.</param>
/// <param name="High">Of its range.</param>
/// <param name="Basis"><c>measured</c>, <c>fitted</c>, <c>literature</c> or <c>assumed</c>.</param>
/// <param name="Source">Who says so.</param>
internal sealed record CostsReportRow(string Name, string Symbol, decimal Value, decimal Low, decimal High, string Basis, string Source);
