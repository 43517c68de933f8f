namespace Trapline.Host.Doctor;

/// <summary>One thing that a machine needs.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Status">How it is.</param>
/// <param name="Found">What was found.</param>
/// <param name="Remedy">What to do; null where all is well.</param>
internal sealed record CheckRow(string Name, CheckStatus Status, string Found, string? Remedy = null);
