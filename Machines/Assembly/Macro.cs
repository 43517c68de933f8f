namespace Trapline.Machines.Assembly;

/// <remarks>
/// <c>Parameters</c>: With their defaults; null where an argument is owed.
/// </remarks>
internal sealed record Macro(string Name, SourceLine Line, IReadOnlyList<(string Name, string? Default)> Parameters, IReadOnlyList<SourceLine> Body);
