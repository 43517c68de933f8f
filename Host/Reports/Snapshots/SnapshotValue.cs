namespace Trapline.Host.Reports.Snapshots;

/// <summary>A row of a state table.</summary>
/// <param name="Name">Of the register or counter; elements of lists have their number in brackets.</param>
/// <param name="Value">Hexadecimal, after 0x: numbers of JSON do not hold 64 bits everywhere.</param>
internal sealed record SnapshotValue(string Name, string Value);
