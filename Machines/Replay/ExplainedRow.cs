namespace Trapline.Machines.Replay;

/// <summary>A difference between two profiles that a recording shows.</summary>
/// <param name="Row">Its id in the table: <c>D1</c>.</param>
/// <param name="Topic">What it is about.</param>
/// <param name="Recorded">The switch in the recorded machine's profile.</param>
/// <param name="Replayed">The switch in the other profile.</param>
/// <param name="Mismatches">How many there are with it alone.</param>
public sealed record ExplainedRow(string Row, string Topic, string Recorded, string Replayed, long Mismatches);
