namespace Trapline.Host.Commands;

/// <summary>What <c>new --json</c> prints.</summary>
/// <param name="Created">Paths of the files that were written.</param>
/// <param name="Kept">Paths of files that were needed and there already.</param>
internal sealed record CreatedFiles(IReadOnlyList<string> Created, IReadOnlyList<string> Kept);
