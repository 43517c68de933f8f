namespace Trapline.Host.Commands;

/// <summary>What <c>completion --json</c> prints.</summary>
/// <param name="Shell">Its name.</param>
/// <param name="Script">To be evaluated by it.</param>
internal sealed record CompletionScript(string Shell, string Script);
