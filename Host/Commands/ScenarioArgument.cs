using System.CommandLine;
using System.CommandLine.Completions;

namespace Trapline.Host.Commands;

/// <summary>The argument FILE, which completes to files of the given kinds and the folders on the way to them.</summary>
internal static class ScenarioArgument
{
    /// <summary>More than a person would read; a folder can hold very many files.</summary>
    private const int MostCompletions = 500;

    public static Argument<string> Create(string description, params string[] furtherExtensions)
    {
        string[] extensions = [".yaml", ".yml", .. furtherExtensions];
        var argument = new Argument<string>("FILE") { Description = description, HelpName = "FILE" };
        argument.CompletionSources.Add(context => Complete(context, extensions));
        return argument;
    }

    private static IEnumerable<string> Complete(CompletionContext context, string[] extensions)
    {
        var word = context.WordToComplete ?? "";
        var slash = word.LastIndexOf('/') + 1;
        var folder = word[..slash];
        try
        {
            return [.. new DirectoryInfo(folder.Length == 0 ? "." : folder).EnumerateFileSystemInfos(word[slash..] + "*")
                .Where(entry => entry is DirectoryInfo ? !entry.Name.StartsWith('.') : extensions.Contains(entry.Extension))
                .Take(MostCompletions)
                .Select(entry => folder + entry.Name + (entry is DirectoryInfo ? "/" : ""))
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }
}
