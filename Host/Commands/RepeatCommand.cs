namespace Trapline.Host.Commands;

/// <summary>The command line that repeats one run of many, as a person pastes it into a shell.</summary>
internal static class RepeatCommand
{
    /// <param name="arguments">What the many runs were asked for.</param>
    /// <param name="seed">The one to repeat.</param>
    /// <param name="variant">The variant to repeat; null for all.</param>
    public static string Of(RunArguments arguments, ulong seed, string? variant)
    {
        var words = new List<string> { "trapline", "run", arguments.File!.StartsWith('-') ? $"./{arguments.File}" : arguments.File, "--seed", $"{seed}" };
        if (variant is not null)
        {
            words.AddRange(["--only", variant]);
        }

        if (arguments.Until is { } until)
        {
            words.AddRange(["--until", $"{until}"]);
        }

        if (arguments.Smoke)
        {
            words.Add("--smoke");
        }

        return string.Join(' ', words.Select(ShellWord.Quote));
    }
}
