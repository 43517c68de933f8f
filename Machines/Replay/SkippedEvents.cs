namespace Trapline.Machines.Replay;

/// <summary>Events of a recording that were neither put into the devices nor compared.</summary>
/// <param name="What">The register or the kind of line.</param>
/// <param name="Events">How many.</param>
/// <param name="Why">Reason, for people.</param>
public sealed record SkippedEvents(string What, long Events, string Why);
