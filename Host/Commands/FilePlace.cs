namespace Trapline.Host.Commands;

/// <summary>Which file a path leads to, links followed: two names of one file must not be written as two.</summary>
internal static class FilePlace
{
    /// <summary>What people write by hand; a trace that replaced it would destroy their work.</summary>
    private static readonly string[] SourceExtensions = [".yaml", ".yml", ".guest"];

    public static bool Same(string? one, string? other) => one is not null && other is not null && Resolve(one) == Resolve(other);

    public static bool IsSource(string path) => SourceExtensions.Contains(Path.GetExtension(Resolve(path)).ToLowerInvariant());

    private static string Resolve(string path)
    {
        try
        {
            return new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A link that leads round, or into the unknown: opening it will say so.
            return Path.GetFullPath(path);
        }
    }
}
