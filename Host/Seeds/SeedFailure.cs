namespace Trapline.Host.Seeds;

/// <summary>Something that failed under one seed.</summary>
/// <param name="Variant">Name of the variant; empty where the whole run could not be carried out.</param>
/// <param name="What">The expectation, invariant or end.</param>
/// <param name="Found">What was found instead.</param>
/// <param name="Command">Repeats it, to be given to a shell.</param>
internal sealed record SeedFailure(string Variant, string What, string Found, string Command);
