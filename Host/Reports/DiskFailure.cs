namespace Trapline.Host.Reports;

/// <summary>What went wrong with a file, in words that fit into a sentence.</summary>
internal static class DiskFailure
{
    /// <summary>Exceptions of the file system, those for impossible paths included.</summary>
    public static bool Is(Exception failure) => failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    /// <summary>The reason without the path, which the message around it names, and without a full stop.</summary>
    public static string Reason(Exception failure) => failure switch
    {
        UnauthorizedAccessException => "permission is denied",
        DirectoryNotFoundException => "its folder does not exist",
        // .NET appends the path to the system's text: "No space left on device : '/x/y'".
        _ => failure.Message.Split(" : '")[0].TrimEnd('.'),
    };
}
