namespace Trapline.Machines.Results.Migrations;

/// <summary>A step of a migration.</summary>
/// <param name="Step">Its name, as scenarios have it.</param>
/// <param name="BeginNs">Virtual time.</param>
/// <param name="EndNs">When the next one began, or the migration ended; null if it was going on when the run ended.</param>
public sealed record MigrationStepRow(string Step, decimal BeginNs, decimal? EndNs);
