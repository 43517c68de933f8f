namespace Trapline.Host.Reports.Snapshots;

/// <summary>A checkpoint that was read whole.</summary>
/// <param name="Id">16 hexadecimal digits.</param>
/// <param name="Problem">What is wrong with it; null where all is well.</param>
internal sealed record SnapshotVerificationRow(string Id, string? Problem);
