namespace Trapline.Machines.Replay;

/// <summary>
/// Why another profile answers otherwise: each row of the table of differences, put alone into the recorded machine's
/// profile.
/// </summary>
/// <param name="Recorded">Mismatches under the recorded machine's own profile: of them no row is the cause.</param>
/// <param name="Rows">Rows that alone change their number, in the table's order.</param>
/// <param name="Together">Mismatches with these rows and no other.</param>
/// <param name="Complete">These rows cause exactly the mismatches of the whole profile: nothing is left to explain.</param>
public sealed record ProfileExplanation(long Recorded, IReadOnlyList<ExplainedRow> Rows, long Together, bool Complete);
