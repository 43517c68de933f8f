namespace Trapline.EndToEnd.Tests;

/// <summary>One thing that a page tells its reader to do: write a file, change one, or run a command.</summary>
/// <param name="Line">Where it stands in the page.</param>
/// <param name="Kind"><c>console</c>, <c>diff</c>, or the language of a file.</param>
/// <param name="Target">The file, or the command.</param>
/// <param name="Lines">Content, change, or what the command prints.</param>
internal sealed record TutorialStep(int Line, string Kind, string Target, IReadOnlyList<string> Lines)
{
    private const string Fence = "```";
    private const string Prompt = "$ ";

    /// <summary>The steps of a page, in its order. A block that is none is an error: nothing in a page goes untested.</summary>
    public static IReadOnlyList<TutorialStep> Read(string page)
    {
        var steps = new List<TutorialStep>();
        var lines = page.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith(Fence, StringComparison.Ordinal))
            {
                continue;
            }

            var end = Array.IndexOf(lines, Fence, i + 1);
            var words = lines[i][Fence.Length..].Split(' ');
            var content = lines[(i + 1)..end];
            steps.AddRange(words switch
            {
                ["console"] => Commands(content, i + 2),
                [var kind, var file] => [new(i + 1, kind, file, content)],
                _ => throw new InvalidOperationException($"line {i + 1}: a block needs a language and a file, or 'console'; not '{lines[i]}'"),
            });
            i = end;
        }

        return steps;
    }

    private static IEnumerable<TutorialStep> Commands(string[] content, int first)
    {
        for (var i = 0; i < content.Length;)
        {
            var next = Array.FindIndex(content, i + 1, line => line.StartsWith(Prompt, StringComparison.Ordinal));
            next = next < 0 ? content.Length : next;
            yield return content[i].StartsWith(Prompt, StringComparison.Ordinal)
                ? new(first + i, "console", content[i][Prompt.Length..], content[(i + 1)..next])
                : throw new InvalidOperationException($"line {first + i}: a console block starts with '{Prompt}'");
            i = next;
        }
    }
}
