namespace Trapline.Machines.Assembly;

/// <summary>Why a line exists that no file holds as it is: the macro or repetition that produced it, and from where.</summary>
/// <remarks>
/// <c>What</c>: "macro 'x'" or "repetition 3".
/// </remarks>
internal sealed record Expansion(string What, SourceLine Origin, int Position);
