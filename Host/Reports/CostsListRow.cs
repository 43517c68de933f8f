namespace Trapline.Host.Reports;

/// <summary>A cost profile that was found.</summary>
/// <param name="Name">What a scenario calls it.</param>
/// <param name="File">Its path.</param>
/// <param name="Errors">How many there are in it; 0 if it can be used.</param>
/// <param name="Description">Its own, empty where it cannot be read.</param>
internal sealed record CostsListRow(string Name, string File, int Errors, string Description);
