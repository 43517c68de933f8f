namespace Trapline.Machines.Replay;

/// <summary>One place where the devices answered otherwise than the recorded machine.</summary>
/// <param name="Line">Number of the recording's line, from 1.</param>
/// <param name="Recorded">That line, or the input whose effect is missing.</param>
/// <param name="What">What was compared: a read, a nested access, a vector pin, a CPU line, an interrupt.</param>
/// <param name="Register">Name of the register that was read, or of the pin or line.</param>
/// <param name="Expected">What the recording has.</param>
/// <param name="Actual">What the devices did.</param>
/// <param name="Before">The lines of the recording before it, the last ones.</param>
/// <param name="State">Rows of the device that are not zero, <c>name = value</c>.</param>
public sealed record ReplayMismatch(
    long Line,
    string Recorded,
    string What,
    string Register,
    string Expected,
    string Actual,
    IReadOnlyList<string> Before,
    IReadOnlyList<string> State);
