namespace Trapline.Machines.Results.Migrations;

/// <summary>A round of copying pages.</summary>
/// <param name="StartNs">Virtual time.</param>
/// <param name="EndNs">When its last byte was on the link; null if the run ended before.</param>
/// <param name="Pages">That hold something.</param>
/// <param name="ZeroPages">Of which a header travels alone.</param>
/// <param name="Bytes">On the link, headers included.</param>
public sealed record MigrationRoundRow(decimal StartNs, decimal? EndNs, int Pages, int ZeroPages, long Bytes);
