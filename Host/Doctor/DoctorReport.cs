namespace Trapline.Host.Doctor;

/// <summary>What <c>doctor --json</c> prints.</summary>
/// <param name="Ready">False if a check failed.</param>
/// <param name="Checks">In the order in which they are printed.</param>
internal sealed record DoctorReport(bool Ready, IReadOnlyList<CheckRow> Checks);
