namespace Trapline.Actors.Guests;

/// <summary>Where an instruction was written.</summary>
/// <param name="File">Index into <see cref="GuestProgram.Files"/>.</param>
/// <param name="Line">From 1.</param>
/// <param name="Text">The line, trimmed, with macro parameters filled in.</param>
public readonly record struct SourceLocation(int File, int Line, string Text);
