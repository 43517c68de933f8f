namespace Trapline.Host.Commands;

/// <summary>What <c>validate --json</c> prints. Parts that the kind of file does not have are null.</summary>
internal sealed record ValidationReport
{
    public required string File { get; init; }

    /// <summary><c>scenario</c>, <c>guest</c> or <c>costs</c>.</summary>
    public required string Kind { get; init; }

    public bool Valid => Errors.Count == 0;

    /// <summary>As printed: <c>file:line:column: error: text</c>.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    public IReadOnlyList<ValidatedVariant>? Variants { get; init; }

    public ValidatedGuest? Guest { get; init; }

    public ValidatedCosts? Costs { get; init; }
}
